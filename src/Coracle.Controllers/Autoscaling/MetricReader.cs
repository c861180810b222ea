using System.Globalization;
using System.Text.Json.Nodes;
using Coracle.Controllers.CronJobs;
using Coracle.Kinds.Autoscaling.V2;
using Coracle.Kinds.Meta.V1;
using Coracle.Schema;
using Coracle.Sdk;

namespace Coracle.Controllers.Autoscaling;

/// <summary>What a metrics API said: a list, or why not.</summary>
public readonly record struct MetricAnswer(JsonObject? List, ApiStatus? Failure)
{
    public static MetricAnswer Of(ApiReply reply) => reply.Ok ? new(JsonNode.Parse(reply.Body.Span) as JsonObject ?? [], null) : new(null, ApiStatus.Parse(reply.Status, reply.Body.Span));
}

/// <summary>What is measured, as the three metrics APIs tell it: metrics.k8s.io, custom.metrics.k8s.io and external.metrics.k8s.io (upstream: metrics/client.go).</summary>
/// <param name="get">Asks an API: path and query.</param>
/// <param name="find">The resource of a kind; null when there is none.</param>
public sealed class MetricReader(Func<string, string, CancellationToken, ValueTask<MetricAnswer>> get, Func<string, string, CancellationToken, ValueTask<ApiResource?>> find)
{
    private const string Resources = "/apis/metrics.k8s.io/v1beta1", Custom = "/apis/custom.metrics.k8s.io", External = "/apis/external.metrics.k8s.io/v1beta1";
    private static readonly TimeSpan UsualWindow = TimeSpan.FromMinutes(1);

    /// <summary>What pods use of a resource, or one container of each. Pods of which that is not known are left out.</summary>
    internal async ValueTask<Dictionary<string, PodSample>> PodResourcesAsync(string ns, Selector selector, string resource, string container, CancellationToken cancel)
    {
        var answer = await get($"{Resources}/namespaces/{Uri.EscapeDataString(ns)}/pods", Query("labelSelector", selector.ToString()), cancel);
        if (answer.Failure is { } failure) throw new MetricException($"unable to get metrics for resource {resource}: unable to fetch metrics from resource metrics API: {failure.Message}");
        var items = Items(answer.List!);
        if (items.Count == 0) throw new MetricException($"unable to get metrics for resource {resource}: no metrics returned from resource metrics API");
        var samples = new Dictionary<string, PodSample>(StringComparer.Ordinal);
        foreach (var pod in items)
            if (Used(pod, resource, container) is { } used)
                samples[Text(pod["metadata"], "name")] = new(used, Time(pod), Window(Text(pod, "window")));
        return samples;
    }

    private static TimeSpan Window(string text)
    {
        try
        {
            return GoDurations.Parse(text);
        }
        catch (FormatException)
        {
            return UsualWindow;
        }
    }

    private static long? Used(JsonObject pod, string resource, string container)
    {
        var sum = 0L;
        var any = false;
        foreach (var one in (pod["containers"] as JsonArray ?? []).OfType<JsonObject>())
        {
            if (container.Length > 0 && Text(one, "name") != container) continue;
            // A sum without one of its parts would be too small.
            if (!Quantity.TryParse(Text(one["usage"], resource), out var used)) return null;
            (sum, any) = (sum + used.MilliValue, true);
        }
        return any || container.Length == 0 ? sum : null;
    }

    /// <summary>A metric of pods, by pod.</summary>
    internal async ValueTask<Dictionary<string, PodSample>> PodsAsync(string ns, Selector pods, MetricIdentifier metric, CancellationToken cancel)
    {
        var items = await CustomAsync($"namespaces/{Uri.EscapeDataString(ns)}/pods/*/{Uri.EscapeDataString(metric.Name)}", pods.ToString(), metric, cancel);
        var samples = new Dictionary<string, PodSample>(StringComparer.Ordinal);
        foreach (var item in items)
        {
            var window = item["windowSeconds"] is JsonValue seconds && seconds.TryGetValue<long>(out var n) ? TimeSpan.FromSeconds(n) : UsualWindow;
            samples[Text(item["describedObject"], "name")] = new(Value(item), Time(item), window);
        }
        return samples;
    }

    /// <summary>A metric of an object.</summary>
    internal async ValueTask<long> ObjectAsync(string ns, CrossVersionObjectReference about, MetricIdentifier metric, CancellationToken cancel)
    {
        var path = $"namespaces/{Uri.EscapeDataString(ns)}/metrics/{Uri.EscapeDataString(metric.Name)}";
        if (about.Kind != "Namespace")
        {
            var resource = await find(about.ApiVersion, about.Kind, cancel) ?? throw Failed($"no matches for kind \"{about.Kind}\" in version \"{about.ApiVersion}\"");
            path = $"{(resource.Namespaced ? $"namespaces/{Uri.EscapeDataString(ns)}/" : "")}{resource.GroupResource}/{Uri.EscapeDataString(about.Name)}/{Uri.EscapeDataString(metric.Name)}";
        }
        try
        {
            return Value((await CustomAsync(path, "", metric, cancel))[0]);
        }
        catch (MetricException e)
        {
            throw Failed(e.Message.Replace($"unable to get metric {metric.Name}: ", "", StringComparison.Ordinal));
        }

        MetricException Failed(string why) => new($"unable to get metric {metric.Name}: {about.Kind} on {ns} {about.Name}/{why}");
    }

    private async ValueTask<List<JsonObject>> CustomAsync(string path, string labels, MetricIdentifier metric, CancellationToken cancel)
    {
        var query = Query("labelSelector", labels);
        if (metric.Selector is { } only) query = string.Join('&', new[] { query, Query("metricLabelSelector", Selector.From(only).ToString()) }.Where(static q => q.Length > 0));
        var answer = await get($"{Custom}/v1beta2/{path}", query, cancel);
        if (answer.Failure is { IsNotFound: true }) answer = await get($"{Custom}/v1beta1/{path}", query, cancel);
        if (answer.Failure is { } failure) throw new MetricException($"unable to get metric {metric.Name}: unable to fetch metrics from custom metrics API: {failure.Message}");
        var items = Items(answer.List!);
        return items.Count > 0 ? items : throw new MetricException($"unable to get metric {metric.Name}: no metrics returned from custom metrics API");
    }

    /// <summary>A metric of something outside of the cluster: the sum of all that the selector matches.</summary>
    internal async ValueTask<long> ExternalAsync(string ns, MetricIdentifier metric, CancellationToken cancel)
    {
        var labels = metric.Selector is { } only ? Selector.From(only).ToString() : "";
        var answer = await get($"{External}/namespaces/{Uri.EscapeDataString(ns)}/{Uri.EscapeDataString(metric.Name)}", Query("labelSelector", labels), cancel);
        var what = $"unable to get external metric {ns}/{metric.Name}/{GoSelectors.Text(metric.Selector)}";
        if (answer.Failure is { } failure) throw new MetricException($"{what}: unable to fetch metrics from external metrics API: {failure.Message}");
        var items = Items(answer.List!);
        if (items.Count == 0) throw new MetricException($"{what}: no metrics returned from external metrics API");
        return items.Sum(Value);
    }

    private static string Query(string name, string value) => value.Length == 0 ? "" : $"{name}={Uri.EscapeDataString(value)}";
    private static List<JsonObject> Items(JsonObject list) => [.. (list["items"] as JsonArray ?? []).OfType<JsonObject>()];
    private static string Text(JsonNode? node, string name) => node is JsonObject obj && obj[name] is JsonValue value ? value.TryGetValue<string>(out var text) ? text : value.ToJsonString() : "";
    private static long Value(JsonObject item) => Quantity.TryParse(Text(item, "value"), out var value) ? value.MilliValue : 0;

    private static DateTimeOffset Time(JsonObject item) =>
        DateTimeOffset.TryParse(Text(item, "timestamp"), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var at) ? at : default;
}

/// <summary>Selectors as Go prints them.</summary>
internal static class GoSelectors
{
    public static string Text(LabelSelector? selector)
    {
        if (selector is null) return "nil";
        var labels = string.Concat((selector.MatchLabels ?? []).OrderBy(static l => l.Key, StringComparer.Ordinal).Select(static l => $"{l.Key}: {l.Value},"));
        var expressions = string.Concat((selector.MatchExpressions ?? []).Select(static e => $"LabelSelectorRequirement{{Key:{e.Key},Operator:{e.Operator},Values:[{string.Join(' ', e.Values ?? [])}],}},"));
        return $"&LabelSelector{{MatchLabels:map[string]string{{{labels}}},MatchExpressions:[]LabelSelectorRequirement{{{expressions}}},}}";
    }
}
