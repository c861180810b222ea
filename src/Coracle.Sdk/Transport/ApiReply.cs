using System.Net.WebSockets;

namespace Coracle.Sdk;

/// <summary>The answer to an <see cref="ApiCall"/>. Dispose it where it carries a stream.</summary>
public sealed class ApiReply : IAsyncDisposable
{
    /// <summary>The HTTP status code.</summary>
    public required int Status { get; init; }
    /// <summary>Of which sort the body is.</summary>
    public string ContentType { get; init; } = "application/json";

    /// <summary>The whole body of a unary answer, and of every failure. May be shared with the server: read only.</summary>
    public ReadOnlyMemory<byte> Body { get; init; }

    /// <summary>Seconds after which the server wants to be asked again (Retry-After); null when it did not say.</summary>
    public int? RetryAfterSeconds { get; init; }

    /// <summary>Texts of the Warning headers.</summary>
    public IReadOnlyList<string> Warnings { get; init; } = [];

    /// <summary>Of a watch that succeeded: its frames.</summary>
    public FrameStream? Frames { get; init; }

    /// <summary>Of a streamed answer that succeeded (logs): its bytes.</summary>
    public Stream? Content { get; init; }

    /// <summary>Of an upgrade that succeeded: the open socket (exec, attach, port-forward).</summary>
    public WebSocket? Socket { get; init; }

    /// <summary>It is no failure.</summary>
    public bool Ok => Status is >= 200 and < 300 or 101;

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (Frames is not null) await Frames.DisposeAsync();
        if (Content is not null) await Content.DisposeAsync();
        Socket?.Dispose();
    }
}

/// <summary>The frames of a watch, pulled one by one. Not safe for two readers at once.</summary>
public abstract class FrameStream : IAsyncDisposable
{
    /// <summary>
    /// The next frame: one JSON object {"type":...,"object":...} without its line feed, valid until the next call; empty when the server
    /// ended the watch. Throws <see cref="TransportException"/> when the connection broke and OperationCanceledException when cancelled, after which the
    /// stream is of no more use.
    /// </summary>
    public abstract ValueTask<ReadOnlyMemory<byte>> NextAsync(CancellationToken cancel);

    /// <summary>Ends the watch; the server learns of it. May be called more than once.</summary>
    public abstract ValueTask DisposeAsync();
}
