import 'reflect-metadata';
import { Body, Controller, Get, Inject, Module, Param, Post } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { Column, DataSource, Entity, PrimaryColumn, UpdateDateColumn } from 'typeorm';
import { Report } from './report.js';

/** The status column as the tutorials of NestJS and TypeORM write it: find, change, save. */
@Entity('executions')
class Execution {
  @PrimaryColumn('text')
  execution_id!: string;

  @Column('text')
  status!: string;

  @Column('double precision', { nullable: true })
  progress?: number | null;

  @Column('text', { nullable: true })
  message?: string | null;

  @UpdateDateColumn({ type: 'timestamptz' })
  updated_at!: Date;
}

const database = new DataSource({
  type: 'postgres',
  url: process.env['DATABASE_URL']!,
  entities: [Execution],
  synchronize: true,
  poolSize: 20,
});

@Controller()
class ExecutionsController {
  constructor(@Inject(DataSource) private readonly source: DataSource) {}

  @Get('health/ready')
  ready(): object {
    return { ready: true };
  }

  @Post('api/v1/executions/:id/status')
  async report(@Param('id') execution_id: string, @Body() body: unknown): Promise<Execution> {
    const executions = this.source.getRepository(Execution);
    const found = (await executions.findOneBy({ execution_id })) ?? executions.create({ execution_id });
    return executions.save(Object.assign(found, Report.parse(body)));
  }
}

@Module({
  controllers: [ExecutionsController],
  providers: [{ provide: DataSource, useFactory: () => database.initialize() }],
})
class AppModule {}

const app = await NestFactory.create(AppModule, new FastifyAdapter(), { logger: ['error'] });
await app.listen(Number(process.env['PORT']), '127.0.0.1');

process.once('SIGTERM', () => void app.close().then(() => database.destroy()));
