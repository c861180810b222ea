namespace Coracle.Node.Streaming;

/// <summary>
/// The streams of one exec or attach, whichever protocol carries them, seen from one of its two sides.
/// On the side that asked for the command (towards the runtime) write <see cref="Stdin"/> and <see cref="Resize"/> and
/// read the others; on the side that has it run (towards a client) read <see cref="Stdin"/> and <see cref="Resize"/> and
/// write the others. A stream that was not asked for is null. Each ends with <see cref="DuplexStream.CompleteWrites"/>.
/// </summary>
public sealed class RemoteCommandSession : IAsyncDisposable
{
    private readonly Func<ValueTask> _close;

    /// <param name="close">Ends the connection below, sending first what is still queued.</param>
    public RemoteCommandSession(Func<ValueTask> close) => _close = close;

    public DuplexStream? Stdin { get; init; }
    public DuplexStream? Stdout { get; init; }

    /// <summary>Null with a terminal: what the command writes there comes through <see cref="Stdout"/>.</summary>
    public DuplexStream? Stderr { get; init; }

    /// <summary>
    /// How the command ended: one v1 <c>Status</c> as JSON (see <see cref="CommandOutcome"/>), at the end. Where
    /// <see cref="StatusIsText"/>: the message of a failure as plain text, and nothing after a success.
    /// </summary>
    public DuplexStream? Error { get; init; }

    /// <summary>With a terminal only: JSON values <c>{"Width":80,"Height":24}</c>, one after another.</summary>
    public DuplexStream? Resize { get; init; }

    /// <summary>The protocol is older than v4, the first that sends the outcome as JSON.</summary>
    public bool StatusIsText { get; init; }

    /// <summary>Completes (never fails) when the connection has ended, from either side.</summary>
    public Task Closed { get; init; } = new TaskCompletionSource().Task;

    public IEnumerable<DuplexStream> Streams =>
        new[] { Stdin, Stdout, Stderr, Error, Resize }.OfType<DuplexStream>();

    /// <summary>Breaks everything off.</summary>
    public void Abort()
    {
        foreach (var stream in Streams)
            stream.Abort();
    }

    public ValueTask DisposeAsync() => _close();

    /// <summary>Two sessions joined within the process, for a runtime that lives there: the first for who asked, the second for who runs the command.</summary>
    public static (RemoteCommandSession Asker, RemoteCommandSession Runner) Pair(bool stdin, bool stdout, bool stderr, bool tty)
    {
        var closed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var input = Ends(stdin);
        var output = Ends(stdout);
        var errors = Ends(stderr && !tty);
        var status = Ends(true);
        var resize = Ends(tty);
        return (Side(input.Near, output.Near, errors.Near, status.Near, resize.Near),
            Side(input.Far, output.Far, errors.Far, status.Far, resize.Far));

        static (DuplexStream? Near, DuplexStream? Far) Ends(bool wanted) => wanted ? InMemoryDuplex.Pair() : default;

        RemoteCommandSession Side(params ReadOnlySpan<DuplexStream?> streams)
        {
            var all = streams.ToArray();
            return new RemoteCommandSession(Close)
            {
                Stdin = all[0],
                Stdout = all[1],
                Stderr = all[2],
                Error = all[3],
                Resize = all[4],
                Closed = closed.Task,
            };

            ValueTask Close()
            {
                foreach (var stream in all)
                    stream?.Dispose();
                closed.TrySetResult();
                return ValueTask.CompletedTask;
            }
        }
    }
}
