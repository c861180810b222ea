using System.Globalization;
using System.Text.Json.Nodes;
using Coracle.Kinds.Core.V1;

namespace Coracle.Sdk;

/// <summary>An event to be written: as a patch of one that was written before, or anew.</summary>
internal sealed record CorrelatedEvent(Event Event, string CacheKey, Patch? Patch);

/// <summary>
/// Keeps events from becoming a flood (client-go, tools/record/events_cache.go): (1) ten events within ten minutes that differ in their message alone
/// are combined, (2) one that was written before counts up, (3) a source may tell 25 events of an object at once and one more each five minutes.
/// Used by one writer.
/// </summary>
internal sealed class EventCorrelator(TimeProvider time, EventNames names)
{
    private const int CacheSize = 4096;
    private const int CombineAt = 10;
    private static readonly TimeSpan CombineWithin = TimeSpan.FromMinutes(10);
    private const double Burst = 25;
    private const double PerSecond = 1.0 / 300;

    private readonly LeastRecent<string, Similar> similar = new(CacheSize);
    private readonly LeastRecent<string, Seen> seen = new(CacheSize);
    private readonly LeastRecent<string, Budget> budgets = new(CacheSize);

    private sealed record Similar(HashSet<string> Messages, DateTimeOffset Last);
    private sealed record Seen(int Count, DateTimeOffset? First, string Name, string ResourceVersion);
    private sealed record Budget(double Tokens, DateTimeOffset At);

    /// <summary>What to write for an event; null for nothing.</summary>
    public CorrelatedEvent? Correlate(Event made)
    {
        var (next, key) = Combine(made);
        var correlated = CountUp(next, key);
        return Spend(correlated.Event) ? correlated : null;
    }

    /// <summary>The server took it: its name and version serve the next patch.</summary>
    public void Written(CorrelatedEvent correlated, Event written) => seen.Set(correlated.CacheKey, Remember(written));


    private (Event, string) Combine(Event made)
    {
        var now = time.GetUtcNow();
        var key = string.Join('\n', About(made), made.Type, made.Reason, made.ReportingComponent, made.ReportingInstance);
        if (made.EventTime is not null) return (made, $"{key}\n{made.Action}");
        var group = similar.Get(key);
        if (group is null || now - group.Last > CombineWithin) group = new([], now);
        group.Messages.Add(made.Message);
        similar.Set(key, group with { Last = now });
        if (group.Messages.Count < CombineAt) return (made, string.Join('\n', About(made), made.InvolvedObject.FieldPath, made.Type, made.Reason, made.Message));
        group.Messages.Remove(group.Messages.First());
        return (new()
        {
            Metadata = new() { Name = names.Next(made.InvolvedObject.Name), Namespace = made.Metadata.Namespace },
            Count = 1, FirstTimestamp = now, LastTimestamp = now, InvolvedObject = made.InvolvedObject, Source = made.Source, Type = made.Type, Reason = made.Reason,
            Message = "(combined from similar events): " + made.Message,
            ReportingComponent = made.ReportingComponent, ReportingInstance = made.ReportingInstance,
        }, key);
    }

    private CorrelatedEvent CountUp(Event next, string key)
    {
        Patch? patch = null;
        if (seen.Get(key) is { } last)
        {
            next.Metadata.Name = last.Name;
            next.Metadata.ResourceVersion = last.ResourceVersion;
            next.FirstTimestamp = last.First;
            next.Count = last.Count + 1;
            patch = next.EventTime is not null ? GoOn(next) : Patch.Strategic(new JsonObject
            {
                ["count"] = next.Count,
                ["lastTimestamp"] = next.LastTimestamp!.Value.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture),
                ["message"] = next.Message,
            });
        }
        seen.Set(key, Remember(next));
        return new(next, key, patch);
    }

    // The newer form counts in a series, which begins with the second.
    private static Patch GoOn(Event next)
    {
        (next.Series, next.Count, next.FirstTimestamp) = (new() { Count = next.Count, LastObservedTime = next.EventTime }, 0, null);
        return Patch.Strategic(new JsonObject
        {
            ["series"] = new JsonObject
            {
                ["count"] = next.Series.Count,
                ["lastObservedTime"] = next.EventTime!.Value.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.ffffffZ", CultureInfo.InvariantCulture),
            },
        });
    }

    private static Seen Remember(Event e) => e.EventTime is null
        ? new(e.Count, e.FirstTimestamp, e.Metadata.Name, e.Metadata.ResourceVersion)
        : new(e.Series?.Count ?? 1, null, e.Metadata.Name, e.Metadata.ResourceVersion);

    private bool Spend(Event next)
    {
        var now = time.GetUtcNow();
        var key = string.Join('\n', About(next), next.Type);
        var budget = budgets.Get(key) ?? new(Burst, now);
        var tokens = Math.Min(Burst, budget.Tokens + (now - budget.At).TotalSeconds * PerSecond);
        var enough = tokens >= 1;
        budgets.Set(key, new(enough ? tokens - 1 : tokens, now));
        return enough;
    }

    private static string About(Event e) => string.Join('\n', e.Source.Component, e.Source.Host, e.InvolvedObject.Kind, e.InvolvedObject.Namespace,
        e.InvolvedObject.Name, e.InvolvedObject.Uid, e.InvolvedObject.ApiVersion);
}
