namespace Coracle.ApiServer;

/// <summary>An answer. What its body is decides how it travels: bytes at once, pieces that are never joined, events as they come, or a connection.</summary>
public sealed class ApiResponse
{
    public int Status { get; init; } = 200;
    public string ContentType { get; init; } = "application/json";
    public ApiBody Body { get; init; } = ApiBody.Empty;

    /// <summary>Which part gave the request up before it was answered; empty for none.</summary>
    internal string TerminatedBy { get; set; } = "";

    /// <summary>Headers besides the content type. Warnings are among them.</summary>
    public List<KeyValuePair<string, string>> Headers { get; } = [];

    /// <summary>How the request was served, where flow control had a say: told in headers of their own.</summary>
    public FlowStamp? Flow { get; internal set; }

    public static ApiResponse Json(ReadOnlyMemory<byte> utf8, int status = 200) => new() { Status = status, Body = new BytesBody(utf8) };

    public static ApiResponse Text(string text, int status = 200) =>
        new() { Status = status, ContentType = "text/plain; charset=utf-8", Body = new BytesBody(System.Text.Encoding.UTF8.GetBytes(text)) };

    /// <summary>The same answer with another body.</summary>
    internal ApiResponse With(ApiBody body)
    {
        var other = new ApiResponse { Status = Status, ContentType = ContentType, Body = body, Flow = Flow };
        other.Headers.AddRange(Headers);
        return other;
    }

    public static ApiResponse Of(ApiStatus status)
    {
        var response = Json(status.ToJson(), status.Code);
        if (status.RetryAfterSeconds is { } seconds)
            response.Headers.Add(new("Retry-After", seconds.ToString(System.Globalization.CultureInfo.InvariantCulture)));
        return response;
    }
}

/// <summary>The body of an answer: one of the records below.</summary>
public abstract record ApiBody
{
    public static ApiBody Empty { get; } = new BytesBody(ReadOnlyMemory<byte>.Empty);
}

/// <summary>Bytes that are there already.</summary>
public sealed record BytesBody(ReadOnlyMemory<byte> Utf8) : ApiBody;

/// <summary>Bytes in pieces, to be sent one after the other: a list is made of the bytes of its objects.</summary>
public sealed record PiecesBody(IReadOnlyList<ReadOnlyMemory<byte>> Pieces) : ApiBody;

/// <summary>Events, pulled by whoever sends them.</summary>
/// <param name="Stream">The watcher.</param>
/// <param name="IsProtobuf">The objects are in protobuf, and so are events to be (<see cref="ProtobufFrame"/>); else JSON, one to a line.</param>
public sealed record WatchBody(WatchStream Stream, bool IsProtobuf = false) : ApiBody;

/// <summary>Bytes that come as they come: a log that is followed.</summary>
public sealed record StreamBody(Stream Content) : ApiBody;

/// <summary>What another server answers to a request that was passed on, as it comes. Its length, where known, is among the headers.</summary>
public sealed record ProxiedBody(Stream Content) : ApiBody;

/// <summary>The connection itself, after the protocol was switched: exec, attach, port-forward.</summary>
/// <remarks>The answer's headers say what was negotiated.</remarks>
/// <param name="Run">Owns the connection until it returns.</param>
public sealed record UpgradeBody(Func<Stream, CancellationToken, ValueTask> Run) : ApiBody;
