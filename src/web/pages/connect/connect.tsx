/** To be built. */
export default function Connect() {
  return (
    <div className="page">
      <h1>Connect</h1>
    </div>
  );
}
