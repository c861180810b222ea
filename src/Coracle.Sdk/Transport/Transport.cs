namespace Coracle.Sdk;

/// <summary>
/// How calls reach an API server: over HTTP (HttpTransport), or inside one process. Answers of the server, failures included, are
/// replies; <see cref="TransportException"/> means that no answer came, so a write may or may not have happened.
/// </summary>
public abstract class Transport : IAsyncDisposable
{
    /// <summary>A call whose answer comes whole.</summary>
    public abstract ValueTask<ApiReply> SendAsync(ApiCall call, CancellationToken cancel);

    /// <summary>A watch: a reply with <see cref="ApiReply.Frames"/>, or a failure with a body.</summary>
    public abstract ValueTask<ApiReply> WatchAsync(ApiCall call, CancellationToken cancel);

    /// <summary>A call whose answer is read as it comes: a reply with <see cref="ApiReply.Content"/>, or a failure with a body.</summary>
    public abstract ValueTask<ApiReply> StreamAsync(ApiCall call, CancellationToken cancel);

    /// <summary>A WebSocket by one of <paramref name="protocols"/> ("v5.channel.k8s.io"): a reply with <see cref="ApiReply.Socket"/>, or a failure with a body.</summary>
    public abstract ValueTask<ApiReply> UpgradeAsync(ApiCall call, IReadOnlyList<string> protocols, CancellationToken cancel);

    /// <summary>Where there is no server: for what is asked of controllers before they run, such as <see cref="ControllerHost.Rules"/>.</summary>
    public static Transport None { get; } = new Nowhere();

    /// <inheritdoc/>
    public virtual ValueTask DisposeAsync() => default;

    private sealed class Nowhere : Transport
    {
        private static TransportException Refusal => new("there is no server");
        public override ValueTask<ApiReply> SendAsync(ApiCall call, CancellationToken cancel) => throw Refusal;
        public override ValueTask<ApiReply> WatchAsync(ApiCall call, CancellationToken cancel) => throw Refusal;
        public override ValueTask<ApiReply> StreamAsync(ApiCall call, CancellationToken cancel) => throw Refusal;
        public override ValueTask<ApiReply> UpgradeAsync(ApiCall call, IReadOnlyList<string> protocols, CancellationToken cancel) => throw Refusal;
    }
}

/// <summary>The server could not be reached, or the connection broke before it had answered.</summary>
public sealed class TransportException : IOException
{
    /// <summary>In words.</summary>
    public TransportException(string message) : base(message) { }
    /// <summary>In words, and why.</summary>
    public TransportException(string message, Exception inner) : base(message, inner) { }
}
