namespace Coracle.Bench.Engine;

/// <summary>Something to measure.</summary>
/// <param name="Run">One call, by its number.</param>
/// <param name="Undo">Takes back what the call of that number made; not measured.</param>
internal sealed record Measured(string Name, Func<int, ValueTask<long>> Run, Func<int, ValueTask>? Undo = null);
