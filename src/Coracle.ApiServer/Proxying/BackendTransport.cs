using System.Net;

namespace Coracle.ApiServer;

/// <summary>The way out to servers that answer in our place: aggregated API servers, pods, services and nodes. The server itself opens no connections.</summary>
public abstract class BackendTransport
{
    /// <summary>Sends a request and returns once the head of the answer is there. Throws <see cref="BackendException"/>, in Go's words, when none comes.</summary>
    public abstract ValueTask<BackendAnswer> SendAsync(BackendCall call, CancellationToken cancel);

    /// <summary>Where there is none.</summary>
    public static BackendTransport None { get; } = new NoTransport();

    private sealed class NoTransport : BackendTransport
    {
        public override ValueTask<BackendAnswer> SendAsync(BackendCall call, CancellationToken cancel) =>
            throw new BackendException($"dial tcp {call.Authority}: connect: network is unreachable");
    }
}

/// <summary>A request to another server.</summary>
public sealed record BackendCall
{
    public required string Method { get; init; }

    /// <summary>"http" or "https".</summary>
    public required string Scheme { get; init; }

    /// <summary>Where to connect.</summary>
    public required EndPoint Place { get; init; }

    /// <summary>Path and query as they are sent: "/apis/example.com/v1?limit=1".</summary>
    public required string Target { get; init; }

    /// <summary>The Host header; empty for the authority.</summary>
    public string Host { get; init; } = "";

    public IReadOnlyList<KeyValuePair<string, string>> Headers { get; init; } = [];

    /// <summary>Null for none.</summary>
    public Stream? Body { get; init; }

    /// <summary>Asks to switch the protocol: HTTP/1.1 on a connection of its own.</summary>
    public bool IsUpgrade { get; init; }

    public BackendTrust Trust { get; init; } = BackendTrust.Anyone;

    /// <summary>"10.0.0.5:8443".</summary>
    public string Authority => Place is DnsEndPoint name ? $"{name.Host}:{name.Port}" : Place.ToString() ?? "";
}

/// <summary>Whom to believe that it is the server, and who we are to it.</summary>
public sealed record BackendTrust
{
    /// <summary>No certificate is checked: pods have none that we could know.</summary>
    public static BackendTrust Anyone { get; } = new() { IsInsecure = true };

    /// <summary>The name that the certificate must have; the address unless given.</summary>
    public string ServerName { get; init; } = "";

    /// <summary>The authorities in PEM that may have signed it; empty for those of the machine.</summary>
    public ReadOnlyMemory<byte> CaBundle { get; init; }

    public bool IsInsecure { get; init; }

    /// <summary>We show the certificate of the front proxy, by which the other side believes what we say of users.</summary>
    public bool ShowsFrontProxy { get; init; }
}

/// <summary>What another server answers. Whoever has it disposes of the content.</summary>
/// <param name="Status">The HTTP status. 101: the content is the connection, to be read and written.</param>
/// <param name="Headers">All of them, one pair for each value.</param>
/// <param name="Content">As it comes.</param>
public sealed record BackendAnswer(int Status, IReadOnlyList<KeyValuePair<string, string>> Headers, Stream Content)
{
    public string Header(string name)
    {
        foreach (var (key, value) in Headers)
            if (key.Equals(name, StringComparison.OrdinalIgnoreCase)) return value;
        return "";
    }
}

/// <summary>No answer came. The message is as Go's client words it.</summary>
public sealed class BackendException(string message) : Exception(message);
