using System.Security.Cryptography.X509Certificates;
using Coracle.ApiServer.Access;

namespace Coracle.ApiServer;

/// <summary>A request, free of any web server: Kestrel and callers in the same process each bring their own.</summary>
public abstract class ApiRequest
{
    /// <summary>"GET", "POST"...</summary>
    public required string Method { get; init; }

    /// <summary>The decoded path: "/api/v1/pods".</summary>
    public required string Path { get; init; }

    /// <summary>The query as sent, without "?".</summary>
    public string Query { get; init; } = "";

    /// <summary>Who asks, where that is known without looking at the request: callers in this process.</summary>
    public User? Identity { get; init; }

    /// <summary>By which narrow way another's name was taken, "impersonate:user-info"; empty for none and for the old way.</summary>
    internal string ImpersonationConstraint { get; set; } = "";

    /// <summary>What the audit log will tell of the request; null of most.</summary>
    internal AuditRecord? Audit { get; set; }

    /// <summary>The certificate that the client showed in the TLS handshake.</summary>
    public virtual X509Certificate2? ClientCertificate => null;

    /// <summary>The client's address, for audit and messages.</summary>
    public virtual string RemoteAddress => "";

    /// <summary>The first value of a header, or null.</summary>
    public virtual string? Header(string name) => null;

    /// <summary>All headers of this name, for those that repeat (Impersonate-Group).</summary>
    public virtual IEnumerable<KeyValuePair<string, string>> Headers => [];

    /// <summary>All values of a header; none when it is missing.</summary>
    public virtual IEnumerable<string> HeaderValues(string name) => Header(name) is { } value ? [value] : [];

    /// <summary>The whole body, or why not: it is longer than <paramref name="limit"/> bytes, or it does not arrive.</summary>
    public abstract ValueTask<Result<ReadOnlyMemory<byte>>> ReadBodyAsync(int limit, CancellationToken cancel);

    /// <summary>The body as it arrives, for whoever passes it on; null when there is none.</summary>
    public virtual async ValueTask<Result<Stream?>> OpenBodyAsync(CancellationToken cancel)
    {
        var read = await ReadBodyAsync(PassedOnBytesMax, cancel);
        if (read.Failed) return read.Error;
        return read.Value.IsEmpty ? (Stream?)null : new MemoryStream(read.Value.ToArray(), writable: false);
    }

    private const int PassedOnBytesMax = 64 * 1024 * 1024;
}
