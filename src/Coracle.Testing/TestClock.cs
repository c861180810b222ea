using Coracle.Sdk;

namespace Coracle.Testing;

/// <summary>
/// The cluster's time. It stands still while a test thinks, and moves when the test advances it or waits for something: hours pass in a moment, with every heartbeat, probe and retry that belongs to them.
/// </summary>
public sealed class TestClock
{
    private readonly ClusterThread _thread;

    internal TestClock(ClusterThread thread) => _thread = thread;

    /// <summary>For code under test that should live in the cluster's time.</summary>
    public TimeProvider Time => _thread.Time;

    public DateTimeOffset Now => _thread.Time.GetUtcNow();

    /// <summary>Lets so much time pass, with all that happens in it.</summary>
    public Task Advance(TimeSpan by) => _thread.PassUntil(static () => false, by);
}
