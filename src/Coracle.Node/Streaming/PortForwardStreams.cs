namespace Coracle.Node.Streaming;

/// <summary>One forwarded connection to a port of a pod: its bytes, and beside them what went wrong, as plain text.</summary>
public sealed class PortForwardStreams(DuplexStream data, DuplexStream error, Func<ValueTask> close) : IAsyncDisposable
{
    public DuplexStream Data { get; } = data;

    /// <summary>Ends empty after a connection that went well. Who runs the forward writes it, who asked reads it.</summary>
    public DuplexStream Error { get; } = error;

    public ValueTask DisposeAsync() => close();

    /// <summary>Breaks both off.</summary>
    public void Abort()
    {
        Data.Abort();
        Error.Abort();
    }

    /// <summary>Two ends joined within the process: the first for who asked, the second for who has the port.</summary>
    public static (PortForwardStreams Asker, PortForwardStreams Runner) Pair()
    {
        var data = InMemoryDuplex.Pair();
        var error = InMemoryDuplex.Pair();
        return (End(data.Near, error.Near), End(data.Far, error.Far));

        static PortForwardStreams End(DuplexStream data, DuplexStream error) => new(data, error, () =>
        {
            data.Dispose();
            error.Dispose();
            return ValueTask.CompletedTask;
        });
    }
}
