/** To be built. */
export default function Projections() {
  return (
    <div className="page">
      <h1>Projections</h1>
    </div>
  );
}
