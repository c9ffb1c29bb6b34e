FROM node:24-bookworm-slim@sha256:235600a8101ab264e117b1768e925532262668dc9b581ef1dd7d96ced463b8e7 AS build
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm ci
COPY tsconfig.json nest-cli.json ./
COPY projections projections
COPY src src
COPY bin bin
RUN npm run build && npm prune --omit=dev

FROM node:24-bookworm-slim@sha256:235600a8101ab264e117b1768e925532262668dc9b581ef1dd7d96ced463b8e7
ENV NODE_ENV=production HOST=0.0.0.0 PORT=8080 LEDGER_DATA_DIR=/var/lib/ledger
WORKDIR /app
RUN install -d -o node -g node -m 0700 /var/lib/ledger
COPY --from=build /app/package.json ./
COPY --from=build /app/node_modules node_modules
COPY --from=build /app/dist dist
COPY --from=build /app/bin bin
USER node
# Of the embedded database: one container per volume.
VOLUME /var/lib/ledger
EXPOSE 8080
HEALTHCHECK --interval=10s --timeout=5s --start-period=60s --retries=3 \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT}/health/ready`).then((answer) => process.exit(answer.ok ? 0 : 1), () => process.exit(1))"]
# Not through npm: as process 1 it would stand between SIGTERM and the ledger.
CMD ["node", "--max-semi-space-size=64", "dist/src/main.js"]
