using System.Text.Json.Nodes;
using Coracle.Schema;
using CoreEvent = Coracle.Kinds.Core.V1.Event;
using Event = Coracle.Kinds.Events.V1.Event;

namespace Coracle.ApiServer;

/// <summary>Events are served by two groups and stored once, in the core group's form (upstream: pkg/apis/events/v1/conversion.go).</summary>
public static class EventConversion
{
    public static KeyValuePair<GroupVersionKind, KindConversion> Entry => new(Event.Info.GroupVersionKind, new KindConversion(CoreEvent.Info, ToStorage, FromStorage));

    private static readonly (string Events, string Core)[] Names =
    [
        ("note", "message"), ("regarding", "involvedObject"), ("reportingController", "reportingComponent"), ("deprecatedSource", "source"),
        ("deprecatedFirstTimestamp", "firstTimestamp"), ("deprecatedLastTimestamp", "lastTimestamp"), ("deprecatedCount", "count"),
    ];

    private static JsonObject ToStorage(JsonObject obj)
    {
        foreach (var (events, core) in Names) Rename(obj, events, core);
        obj["apiVersion"] = CoreEvent.Info.ApiVersion;
        return obj;
    }

    private static JsonObject FromStorage(JsonObject obj)
    {
        foreach (var (events, core) in Names) Rename(obj, core, events);
        obj["apiVersion"] = Event.Info.ApiVersion;
        return obj;
    }

    private static void Rename(JsonObject obj, string from, string to)
    {
        if (!obj.Remove(from, out var value)) return;
        obj[to] = value;
    }
}
