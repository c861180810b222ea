using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;

namespace Coracle.Sdk.Tests.Fakes;

/// <summary>
/// An API server in memory, truthful where the SDK leans on it: one revisioned log, lists of a snapshot in pages, watches resumed from the log, 410 for what
/// was compacted, conflicts, uids, generations. And untruthful on order: it cuts, stalls, restarts and loses answers.
/// </summary>
public sealed class FakeServer(SimulationLoop loop)
{
    internal sealed record Entry(long Revision, string Type, string Collection, string Namespace, JsonObject Object, JsonObject? Before);

    private readonly SortedDictionary<(string Collection, string Namespace, string Name), JsonObject> objects = new(Comparer<(string, string, string)>.Create(Compare));
    private readonly List<Entry> log = [];
    private readonly Dictionary<string, (long Revision, List<JsonObject> Left)> pages = [];
    private readonly List<FakeWatch> watches = [];
    private long uids;

    public long Revision { get; private set; } = 100;
    public long Compacted { get; private set; } = 100;
    public SimulationLoop Loop => loop;

    /// <summary>Down: nobody answers.</summary>
    public bool Down { get; set; }

    /// <summary>How often, of a thousand calls, the call or its answer is lost.</summary>
    public int LossPerMille { get; set; }

    /// <summary>Answers are given after up to so long.</summary>
    public TimeSpan Latency { get; set; }
    public bool Bookmarks { get; set; } = true;

    public int Lists { get; private set; }
    public int Watches { get; private set; }
    public List<ApiCall> Calls { get; } = [];

    public Transport NewTransport() => new FakeTransport(this);

    // What tests look at

    public IEnumerable<JsonObject> All(string collection) => objects.Where(o => o.Key.Collection == collection).Select(o => o.Value);
    public JsonObject? Find(string collection, Key key) => objects.GetValueOrDefault((collection, key.Namespace, key.Name));

    // Faults

    public void CutAll()
    {
        foreach (var watch in watches.ToList()) watch.Cut();
    }

    public void StallAll()
    {
        foreach (var watch in watches) watch.Stalled = true;
    }

    public void Compact()
    {
        Compacted = Revision;
        log.Clear();
        pages.Clear();
    }

    public void Bookmark()
    {
        foreach (var watch in watches.ToList()) watch.Bookmark();
    }

    // Writes, as by another client

    public JsonObject Put(string collection, JsonObject obj)
    {
        var meta = obj["metadata"]!.AsObject();
        var key = (collection, Text(meta, "namespace"), Text(meta, "name"));
        var before = objects.GetValueOrDefault(key);
        Revision++;
        meta["resourceVersion"] = Revision.ToString(CultureInfo.InvariantCulture);
        meta["uid"] ??= before?["metadata"]!["uid"]!.GetValue<string>() ?? $"uid-{++uids}";
        meta["creationTimestamp"] ??= loop.Time.GetUtcNow().UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture);
        objects[key] = obj;
        Append(new(Revision, before is null ? "ADDED" : "MODIFIED", collection, key.Item2, obj, before));
        return obj;
    }

    public bool Remove(string collection, Key key)
    {
        if (!objects.Remove((collection, key.Namespace, key.Name), out var before)) return false;
        Revision++;
        var last = before.DeepClone().AsObject();
        last["metadata"]!["resourceVersion"] = Revision.ToString(CultureInfo.InvariantCulture);
        Append(new(Revision, "DELETED", collection, key.Namespace, last, before));
        return true;
    }

    private void Append(Entry entry)
    {
        log.Add(entry);
        foreach (var watch in watches.ToList()) watch.Wake();
    }

    internal Entry? Next(long after, string collection, string ns) =>
        log.Find(e => e.Revision > after && e.Collection == collection && (ns.Length == 0 || e.Namespace == ns));

    internal void Closed(FakeWatch watch) => watches.Remove(watch);

    // Answers

    internal async ValueTask<ApiReply> AnswerAsync(ApiCall call, CancellationToken cancel)
    {
        Calls.Add(call);
        if (Latency > TimeSpan.Zero) await Task.Delay(Latency * loop.Random.NextDouble(), loop.Time, cancel);
        var lost = loop.Random.Next(1000) < LossPerMille;
        if (Down || (lost && loop.Random.Next(2) == 0)) throw new TransportException("connection refused");
        var reply = Answer(new FakeRequest(call));
        if (lost) throw new TransportException("connection reset before the answer came");
        return reply;
    }

    private ApiReply Answer(FakeRequest request) => request.Method switch
    {
        "GET" when request.Name.Length == 0 => List(request),
        "GET" => objects.TryGetValue(request.ObjectKey, out var found) ? Reply(200, found) : NotFound(request),
        "POST" => Create(request),
        "PUT" => Update(request, JsonNode.Parse(request.Body.Span)!.AsObject()),
        "PATCH" => MergePatch(request),
        "DELETE" => Delete(request),
        _ => Failure(405, "MethodNotAllowed", "no such verb"),
    };

    private ApiReply List(FakeRequest request)
    {
        Lists++;
        var (revision, rest) = (Revision, new List<JsonObject>());
        if (request.Query("continue") is { Length: > 0 } token)
        {
            if (!pages.TryGetValue(token, out var page)) return Failure(410, "Expired", "The provided continue parameter is too old");
            (revision, rest) = page;
        }
        else
        {
            rest = [.. objects.Where(o => o.Key.Collection == request.Collection && request.Covers(o.Key.Namespace) && request.Matches(o.Value)).Select(o => o.Value)];
        }
        var limit = int.TryParse(request.Query("limit"), out var l) ? l : int.MaxValue;
        var meta = new JsonObject { ["resourceVersion"] = revision.ToString(CultureInfo.InvariantCulture) };
        if (rest.Count > limit)
        {
            var next = $"page-{pages.Count}-{Revision}-{rest.Count}";
            pages[next] = (revision, rest[limit..]);
            meta["continue"] = next;
        }
        return Reply(200, new()
        {
            ["kind"] = "List", ["apiVersion"] = "v1", ["metadata"] = meta, ["items"] = new JsonArray([.. rest.Take(limit).Select(o => o.DeepClone())]),
        });
    }

    private ApiReply Create(FakeRequest request)
    {
        var obj = JsonNode.Parse(request.Body.Span)!.AsObject();
        var meta = obj["metadata"]!.AsObject();
        if (Text(meta, "name").Length == 0) meta["name"] = Text(meta, "generateName") + (++uids).ToString("x5", CultureInfo.InvariantCulture);
        if (objects.ContainsKey((request.Collection, Text(meta, "namespace"), Text(meta, "name")))) return Failure(409, "AlreadyExists", "it exists already");
        meta["generation"] = 1L;
        return Reply(201, Put(request.Collection, obj));
    }

    private ApiReply Update(FakeRequest request, JsonObject obj)
    {
        if (!objects.TryGetValue(request.ObjectKey, out var before)) return NotFound(request);
        var version = Text(obj["metadata"]!.AsObject(), "resourceVersion");
        if (version.Length > 0 && version != before["metadata"]!["resourceVersion"]!.GetValue<string>()) return Failure(409, "Conflict", "the object has been modified");
        var next = before.DeepClone().AsObject();
        if (request.Subresource == "status")
        {
            next["status"] = obj["status"]?.DeepClone();
        }
        else
        {
            var status = next["status"]?.DeepClone();
            var created = next["metadata"]!["creationTimestamp"]!.DeepClone();
            var generation = next["metadata"]!["generation"]?.GetValue<long>() ?? 1;
            var changed = next["spec"]?.ToJsonString() != obj["spec"]?.ToJsonString();
            next = obj.DeepClone().AsObject();
            next["status"] = status;
            next["metadata"]!["uid"] = before["metadata"]!["uid"]!.DeepClone();
            next["metadata"]!["creationTimestamp"] = created;
            next["metadata"]!["generation"] = changed ? generation + 1 : generation;
        }
        if (next["metadata"]!["deletionTimestamp"] is not null && next["metadata"]!["finalizers"] is not JsonArray { Count: > 0 })
        {
            Remove(request.Collection, request.Key);
            return Reply(200, next);
        }
        return JsonNode.DeepEquals(next, before) ? Reply(200, before) : Reply(200, Put(request.Collection, next));
    }

    private ApiReply MergePatch(FakeRequest request)
    {
        if (!objects.TryGetValue(request.ObjectKey, out var before)) return NotFound(request);
        var next = before.DeepClone().AsObject();
        Merge(next, JsonNode.Parse(request.Body.Span)!.AsObject());
        return Update(request, next);
    }

    private static void Merge(JsonObject into, JsonObject patch)
    {
        foreach (var (name, value) in patch)
        {
            if (value is null) into.Remove(name);
            else if (value is JsonObject inner && into[name] is JsonObject old) Merge(old, inner);
            else into[name] = value.DeepClone();
        }
    }

    private ApiReply Delete(FakeRequest request)
    {
        if (!objects.TryGetValue(request.ObjectKey, out var before)) return NotFound(request);
        var uid = before["metadata"]!["uid"]!.GetValue<string>();
        if (JsonNode.Parse(request.Body.Span)?["preconditions"]?["uid"]?.GetValue<string>() is { } wanted && wanted != uid)
            return Failure(409, "Conflict", "the UID in the precondition does not match");
        if (before["metadata"]!["finalizers"] is JsonArray { Count: > 0 })
        {
            var going = before.DeepClone().AsObject();
            going["metadata"]!["deletionTimestamp"] ??= "2026-01-01T00:00:00Z";
            return Reply(200, Put(request.Collection, going));
        }
        Remove(request.Collection, request.Key);
        return Reply(200, new() { ["kind"] = "Status", ["apiVersion"] = "v1", ["status"] = "Success", ["details"] = new JsonObject { ["uid"] = uid } });
    }

    internal async ValueTask<ApiReply> WatchAsync(ApiCall call, CancellationToken cancel)
    {
        Calls.Add(call);
        if (Latency > TimeSpan.Zero) await Task.Delay(Latency * loop.Random.NextDouble(), loop.Time, cancel);
        if (Down || loop.Random.Next(1000) < LossPerMille) throw new TransportException("connection refused");
        Watches++;
        var request = new FakeRequest(call);
        var initial = request.Query("sendInitialEvents") == "true"
            ? objects.Where(o => o.Key.Collection == request.Collection && request.Covers(o.Key.Namespace) && request.Matches(o.Value)).Select(o => o.Value).ToList() : null;
        var from = long.TryParse(request.Query("resourceVersion"), out var r) ? r : Revision;
        var watch = new FakeWatch(this, request, from, initial);
        watches.Add(watch);
        return new() { Status = 200, Frames = watch };
    }

    private static ApiReply Reply(int status, JsonObject body) => new() { Status = status, Body = Encoding.UTF8.GetBytes(body.ToJsonString()) };
    private static ApiReply NotFound(FakeRequest request) => Failure(404, "NotFound", $"{request.Collection} \"{request.Name}\" not found");
    internal static ApiReply Failure(int code, string reason, string message) => Reply(code, Status(code, reason, message));

    internal static JsonObject Status(int code, string reason, string message) => new()
    {
        ["kind"] = "Status", ["apiVersion"] = "v1", ["status"] = "Failure", ["code"] = code, ["reason"] = reason, ["message"] = message,
    };

    private static string Text(JsonObject obj, string name) => obj[name]?.GetValue<string>() ?? "";

    private static int Compare((string, string, string) a, (string, string, string) b)
    {
        var first = string.CompareOrdinal(a.Item1, b.Item1);
        if (first != 0) return first;
        var second = string.CompareOrdinal(a.Item2, b.Item2);
        return second != 0 ? second : string.CompareOrdinal(a.Item3, b.Item3);
    }

    private sealed class FakeTransport(FakeServer server) : Transport
    {
        public override ValueTask<ApiReply> SendAsync(ApiCall call, CancellationToken cancel) => server.AnswerAsync(call, cancel);
        public override ValueTask<ApiReply> WatchAsync(ApiCall call, CancellationToken cancel) => server.WatchAsync(call, cancel);
        public override ValueTask<ApiReply> StreamAsync(ApiCall call, CancellationToken cancel) => throw new NotSupportedException();
        public override ValueTask<ApiReply> UpgradeAsync(ApiCall call, IReadOnlyList<string> protocols, CancellationToken cancel) => throw new NotSupportedException();
    }
}
