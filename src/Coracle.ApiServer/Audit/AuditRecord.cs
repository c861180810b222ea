using System.Buffers;
using System.Text.Json;
using System.Text.Json.Nodes;
using Coracle.ApiServer.Access;
using Coracle.Schema;

namespace Coracle.ApiServer;

/// <summary>One request as the audit log tells of it, stage by stage (audit.k8s.io/v1 Event).</summary>
internal sealed class AuditRecord
{
    private readonly Server _server;
    private readonly AuditSink _sink;
    private readonly AuditDecision _decision;
    private readonly ApiRequest _request;
    private readonly RequestInfo _info;
    private readonly User _user;
    private readonly User? _impersonated;
    private readonly DateTimeOffset _received;
    private readonly SortedDictionary<string, string> _annotations = new(StringComparer.Ordinal);
    private ReadOnlyMemory<byte> _body;
    private string _attempted = "";
    private string _panic = "";

    private AuditRecord(Server server, AuditSink sink, AuditDecision decision, ApiRequest request, RequestInfo info, User user, User? impersonated)
    {
        (_server, _sink, _decision, _request, _info, _user, _impersonated) = (server, sink, decision, request, info, user, impersonated);
        _received = server.Clock.GetUtcNow();
        Id = request.Header("Audit-ID") is { Length: > 0 and <= 64 } given ? given : server.NewUid();
    }

    public string Id { get; }

    /// <summary>Begins the record of a request; null when there is to be none.</summary>
    public static AuditRecord? Begin(Server server, ApiRequest request, RequestInfo info, User user, User acting)
    {
        if (server.Options.Audit is not { } options) return null;
        // By who asks, not by whose name he takes: upstream's rules are held against requests before that is looked at.
        var decision = options.Policy.For(info.AttributesFor(user));
        if (decision.Level == AuditLevel.None) return null;
        var record = new AuditRecord(server, options.Sink, decision, request, info, user, ReferenceEquals(user, acting) || user == acting ? null : acting);
        record.Write("RequestReceived", null);
        return record;
    }

    /// <summary>Writes down a request whose maker could not be found out: one event, as upstream.</summary>
    public static ApiResponse Unauthenticated(Server server, ApiRequest request, RequestInfo info, ApiResponse response)
    {
        var nobody = new User { Name = "" };
        if (server.Options.Audit is not { } options || options.Policy.For(info.AttributesFor(nobody)) is not { Level: > AuditLevel.None } decision) return response;
        var record = new AuditRecord(server, options.Sink, decision, request, info, nobody, null) { _attempted = Attempted(request) };
        response.Headers.Add(new("Audit-Id", record.Id));
        record.Write("ResponseStarted", response);
        return response;
    }

    private static string Attempted(ApiRequest request)
    {
        var methods = new List<string>(2);
        var credential = (request.HeaderValues("Authorization").FirstOrDefault() ?? request.Headers.FirstOrDefault(h => h.Key.Equals("Authorization", StringComparison.OrdinalIgnoreCase)).Value ?? "").Trim();
        if (credential.StartsWith("Basic ", StringComparison.OrdinalIgnoreCase)) methods.Add("basic");
        if (credential.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase)) methods.Add("bearer");
        if (request.ClientCertificate is not null) methods.Add("x509");
        return methods.Count > 0 ? $"Authentication failed, attempted: {string.Join(", ", methods)}" : "Authentication failed, no credentials provided";
    }

    public void Annotate(string key, string value) => _annotations.TryAdd(key, value);

    /// <summary>What the client sent, where that is to be written down.</summary>
    public void Body(ReadOnlyMemory<byte> body)
    {
        if (_decision.Level >= AuditLevel.Request) _body = body;
    }

    /// <summary>The answer is known: all of it, or that it has begun. What lasts is written down again when it has ended.</summary>
    public ApiResponse Answered(ApiResponse response)
    {
        response.Headers.Add(new("Audit-Id", Id));
        var body = Lasting(response);
        Write(body is null ? "ResponseComplete" : "ResponseStarted", response);
        return body is null ? response : response.With(body);
    }

    // The body that tells when it has ended; null for one that is there already.
    private ApiBody? Lasting(ApiResponse response)
    {
        switch (response.Body)
        {
            case WatchBody watch:
                watch.Stream.Closed += () => Write("ResponseComplete", response);
                return watch;
            case StreamBody stream:
                return new StreamBody(new EndingStream(stream.Content, () => Write("ResponseComplete", response)));
            case UpgradeBody upgrade:
                return new UpgradeBody(async (connection, cancel) =>
                {
                    try
                    {
                        await upgrade.Run(connection, cancel);
                    }
                    finally
                    {
                        Write("ResponseComplete", response);
                    }
                });
            default:
                return null;
        }
    }

    public void Panic(Exception error)
    {
        _panic = $"APIServer panic'd: {error.Message}";
        Write("Panic", null);
    }

    private void Write(string stage, ApiResponse? response)
    {
        if (_decision.OmitStages.Contains(stage)) return;
        var buffer = new ArrayBufferWriter<byte>(1024);
        using (var writer = new Utf8JsonWriter(buffer, ApiJson.WriterOptions))
        {
            writer.WriteStartObject();
            writer.WriteString("kind"u8, "Event"u8);
            writer.WriteString("apiVersion"u8, "audit.k8s.io/v1"u8);
            writer.WriteString("level"u8, _decision.Level.ToString());
            writer.WriteString("auditID"u8, Id);
            writer.WriteString("stage"u8, stage);
            Who(writer);
            if (_info.IsResourceRequest) ObjectReference(writer);
            if (response is not null) Outcome(writer, response, stage);
            else if (_panic.Length > 0) Failure(writer);
            writer.WriteString("requestReceivedTimestamp"u8, GoTime.FormatMicro(_received));
            writer.WriteString("stageTimestamp"u8, GoTime.FormatMicro(_server.Clock.GetUtcNow()));
            Annotations(writer);
            writer.WriteEndObject();
        }
        _sink.Write(buffer.WrittenMemory);
    }

    private void Who(Utf8JsonWriter writer)
    {
        writer.WriteString("requestURI"u8, _request.Query.Length > 0 ? $"{_request.Path}?{_request.Query}" : _request.Path);
        writer.WriteString("verb"u8, _info.Verb);
        writer.WritePropertyName("user"u8);
        AccessReviews.ToUserInfo(_user).Write(writer);
        if (_impersonated is { } other)
        {
            writer.WritePropertyName("impersonatedUser"u8);
            AccessReviews.ToUserInfo(other).Write(writer);
        }
        if (_request.ImpersonationConstraint.Length > 0)
        {
            writer.WriteStartObject("authenticationMetadata"u8);
            writer.WriteString("impersonationConstraint"u8, _request.ImpersonationConstraint);
            writer.WriteEndObject();
        }
        Sources(writer);
        if (_request.Header("User-Agent") is { Length: > 0 } agent) writer.WriteString("userAgent"u8, agent.Length > 1024 ? agent[..1024] + "...TRUNCATED" : agent);
    }

    /// <summary>From where: what proxies say of it, then the other end of the connection.</summary>
    private void Sources(Utf8JsonWriter writer)
    {
        var sources = (_request.Header("X-Forwarded-For") ?? "").Split(',', StringSplitOptions.TrimEntries).Where(ip => System.Net.IPAddress.TryParse(ip, out _)).ToList();
        if (_request.Header("X-Real-Ip") is { } real && System.Net.IPAddress.TryParse(real, out _) && !sources.Contains(real)) sources.Add(real);
        if (_request.RemoteAddress.Length > 0 && sources.LastOrDefault() != _request.RemoteAddress) sources.Add(_request.RemoteAddress);
        if (sources.Count == 0) return;
        writer.WriteStartArray("sourceIPs"u8);
        foreach (var source in sources) writer.WriteStringValue(source);
        writer.WriteEndArray();
    }

    private void ObjectReference(Utf8JsonWriter writer)
    {
        writer.WriteStartObject("objectRef"u8);
        Text(writer, "resource"u8, _info.Resource);
        Text(writer, "namespace"u8, _info.Namespace);
        Text(writer, "name"u8, _info.Name);
        Text(writer, "apiGroup"u8, _info.ApiGroup);
        Text(writer, "apiVersion"u8, _info.ApiVersion);
        Text(writer, "subresource"u8, _info.Subresource);
        writer.WriteEndObject();
    }

    private void Outcome(Utf8JsonWriter writer, ApiResponse response, string stage)
    {
        var answer = response.Body is BytesBody { Utf8: var bytes } && response.ContentType == "application/json" ? Tree(bytes) : null;
        writer.WriteStartObject("responseStatus"u8);
        writer.WriteStartObject("metadata"u8);
        writer.WriteEndObject();
        if (_attempted.Length > 0)
            Text(writer, "message"u8, _attempted);
        else if (answer is not null && Meta.Text(answer, "kind") == "Status")
        {
            Text(writer, "status"u8, Meta.Text(answer, "status"));
            Text(writer, "message"u8, Meta.Text(answer, "message"));
            Text(writer, "reason"u8, Meta.Text(answer, "reason"));
        }
        writer.WriteNumber("code"u8, response.Status);
        writer.WriteEndObject();
        if (_body.Length > 0) Object(writer, "requestObject"u8, Tree(_body));
        if (_decision.Level == AuditLevel.RequestResponse && stage == "ResponseComplete") Object(writer, "responseObject"u8, answer);
    }

    private void Failure(Utf8JsonWriter writer)
    {
        writer.WriteStartObject("responseStatus"u8);
        writer.WriteStartObject("metadata"u8);
        writer.WriteEndObject();
        writer.WriteString("status"u8, "Failure"u8);
        writer.WriteString("message"u8, _panic);
        writer.WriteString("reason"u8, "InternalError"u8);
        writer.WriteNumber("code"u8, 500);
        writer.WriteEndObject();
    }

    private void Object(Utf8JsonWriter writer, ReadOnlySpan<byte> name, JsonObject? obj)
    {
        if (obj is null) return;
        if (_decision.OmitManagedFields && obj["metadata"] is JsonObject meta) meta.Remove("managedFields");
        writer.WritePropertyName(name);
        obj.WriteTo(writer);
    }

    // Bodies that are no JSON objects are left out; so is what cannot be read, of which the answer tells.
    private static JsonObject? Tree(ReadOnlyMemory<byte> json)
    {
        if (json.IsEmpty) return null;
        if (json.Span[0] != (byte)'{' && Yaml.TryToJson(json.Span, strict: false, out var converted, out _)) json = converted;
        return Decoder.DecodeTree(json.Span).Value as JsonObject;
    }

    private void Annotations(Utf8JsonWriter writer)
    {
        if (_annotations.Count == 0) return;
        writer.WriteStartObject("annotations"u8);
        foreach (var (key, value) in _annotations) writer.WriteString(key, value);
        writer.WriteEndObject();
    }

    private static void Text(Utf8JsonWriter writer, ReadOnlySpan<byte> name, string value)
    {
        if (value.Length > 0) writer.WriteString(name, value);
    }
}
