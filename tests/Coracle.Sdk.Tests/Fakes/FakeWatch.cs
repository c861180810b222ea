using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;

namespace Coracle.Sdk.Tests.Fakes;

/// <summary>A cursor in the server's log.</summary>
internal sealed class FakeWatch : FrameStream
{
    private readonly FakeServer server;
    private readonly FakeRequest request;
    private readonly Queue<JsonObject> initial;
    private readonly ITimer end;
    private readonly ITimer bookmarks;
    private TaskCompletionSource wake = New();
    private long cursor;
    private bool cut;
    private bool ended;
    private bool bookmark;

    public FakeWatch(FakeServer server, FakeRequest request, long from, List<JsonObject>? initial)
    {
        this.server = server;
        this.request = request;
        cursor = initial is null ? from : server.Revision;
        this.initial = new((initial ?? []).Select(o => Frame("ADDED", o)));
        if (initial is not null) this.initial.Enqueue(Frame("BOOKMARK", BookmarkOf(cursor, end: true)));
        var timeout = TimeSpan.FromSeconds(double.Parse(request.Query("timeoutSeconds"), CultureInfo.InvariantCulture));
        end = server.Loop.Time.CreateTimer(_ => End(), null, timeout, Timeout.InfiniteTimeSpan);
        bookmarks = server.Loop.Time.CreateTimer(_ => Bookmark(), null, TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(1));
    }

    public bool Stalled { get; set; }

    public void Wake() => wake.TrySetResult();

    public void Cut()
    {
        cut = true;
        Wake();
    }

    public void Bookmark()
    {
        bookmark = server.Bookmarks;
        Wake();
    }

    private void End()
    {
        ended = true;
        Wake();
    }

    public override async ValueTask<ReadOnlyMemory<byte>> NextAsync(CancellationToken cancel)
    {
        while (true)
        {
            cancel.ThrowIfCancellationRequested();
            if (cut) throw new TransportException("the connection broke");
            if (!Stalled && Next() is { } frame) return frame;
            wake = New();
            await wake.Task.Or(cancel);
        }
    }

    private ReadOnlyMemory<byte>? Next()
    {
        if (initial.TryDequeue(out var first)) return Bytes(first);
        if (cursor < server.Compacted) return Bytes(Frame("ERROR", FakeServer.Status(410, "Expired", "too old resource version")));
        while (server.Next(cursor, request.Collection, request.Namespace) is { } entry)
        {
            cursor = entry.Revision;
            var was = entry.Before is not null && request.Matches(entry.Before);
            var isIn = entry.Type != "DELETED" && request.Matches(entry.Object);
            if (was || isIn) return Bytes(Frame(isIn ? was ? "MODIFIED" : "ADDED" : "DELETED", entry.Object));
        }
        if (bookmark)
        {
            bookmark = false;
            cursor = server.Revision;
            return Bytes(Frame("BOOKMARK", BookmarkOf(cursor, end: false)));
        }
        if (ended) return ReadOnlyMemory<byte>.Empty;
        return null;
    }

    private static JsonObject BookmarkOf(long revision, bool end)
    {
        var meta = new JsonObject { ["resourceVersion"] = revision.ToString(CultureInfo.InvariantCulture), ["creationTimestamp"] = null };
        if (end) meta["annotations"] = new JsonObject { ["k8s.io/initial-events-end"] = "true" };
        return new() { ["kind"] = "ConfigMap", ["apiVersion"] = "v1", ["metadata"] = meta };
    }

    private static JsonObject Frame(string type, JsonObject obj) => new() { ["type"] = type, ["object"] = obj.DeepClone() };
    private static ReadOnlyMemory<byte> Bytes(JsonObject frame) => Encoding.UTF8.GetBytes(frame.ToJsonString());
    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    public override ValueTask DisposeAsync()
    {
        end.Dispose();
        bookmarks.Dispose();
        server.Closed(this);
        return default;
    }
}
