/** To be built. */
export default function Targets() {
  return (
    <div className="page">
      <h1>Targets</h1>
    </div>
  );
}
