using System.Text.Json.Nodes;
using Coracle.Kinds.Core.V1;
using Coracle.Schema;
using Coracle.Sdk;

namespace Coracle.Commands.Cluster;

/// <summary>The pod that a command means by "web", "pod/web" or "deploy/web", and the container in it.</summary>
internal static class PodChoice
{
    private const string DefaultContainer = "kubectl.kubernetes.io/default-container";

    public static async Task<Pod> Find(ClusterSession session, string text, CancellationToken cancel)
    {
        var slash = text.IndexOf('/', StringComparison.Ordinal);
        var found = slash < 0 ? null : await session.Resource(text[..slash], cancel);
        var name = text[(slash + 1)..];
        if (found is null or { Resource: { Plural: "pods", Group: "" } }) return await Read(session, name, cancel);

        var owner = await session.Get(found.Resource.ObjectPath(session.KeyOf(found.Resource, name)), cancel);
        if (Selector(owner) is not { } selector) throw new CommandException($"cannot attach to *{found.Resource.Kind}: selector is not known");
        var list = await session.Get(ApiResource.Of<Pod>().CollectionPath(session.Namespace), cancel, "labelSelector=" + Uri.EscapeDataString(selector));
        var pods = (list["items"] as JsonArray ?? []).OfType<JsonObject>().Select(p => ApiJson.Parse<Pod>(System.Text.Encoding.UTF8.GetBytes(p.ToJsonString()))).ToList();
        if (pods.Count == 0) throw new CommandException($"timed out waiting for the condition: no pods of {text}");
        pods.Sort(Better);
        if (pods.Count > 1) session.Output.Error($"Found {pods.Count} pods, using pod/{pods[0].Metadata.Name}");
        return pods[0];
    }

    private static async Task<Pod> Read(ClusterSession session, string name, CancellationToken cancel)
    {
        var json = await session.Get(ApiResource.Of<Pod>().ObjectPath(new(session.Namespace, name)), cancel);
        return ApiJson.Parse<Pod>(System.Text.Encoding.UTF8.GetBytes(json.ToJsonString()));
    }

    // A service's selector is labels; a workload's has labels and expressions.
    internal static string? Selector(JsonObject owner)
    {
        if (owner["spec"]?["selector"] is not JsonObject selector) return null;
        var labels = selector["matchLabels"] as JsonObject ?? (selector.ContainsKey("matchExpressions") ? [] : selector);
        var terms = labels.Select(l => $"{l.Key}={l.Value}").ToList();
        foreach (var expression in (selector["matchExpressions"] as JsonArray ?? []).OfType<JsonObject>())
        {
            var (key, values) = ((string?)expression["key"], string.Join(',', (expression["values"] as JsonArray ?? []).Select(v => (string?)v)));
            terms.Add((string?)expression["operator"] switch { "In" => $"{key} in ({values})", "NotIn" => $"{key} notin ({values})", "Exists" => $"{key}", _ => $"!{key}" });
        }
        return string.Join(',', terms);
    }

    // The one with most to say: placed, running, ready, restarted often, young.
    private static int Better(Pod a, Pod b)
    {
        static (int, int, int, int, long) Rank(Pod pod) =>
        (
            pod.Spec.NodeName.Length > 0 ? 0 : 1,
            pod.Status.Phase switch { PodPhase.Running => 0, PodPhase.Pending => 2, _ => 1 },
            pod.Status.Conditions?.Exists(c => c.Type == "Ready" && c.Status == "True") == true ? 0 : 1,
            -(pod.Status.ContainerStatuses ?? []).Select(c => c.RestartCount).DefaultIfEmpty().Max(),
            -(pod.Metadata.CreationTimestamp?.Ticks ?? 0)
        );
        var order = Rank(a).CompareTo(Rank(b));
        return order != 0 ? order : string.CompareOrdinal(a.Metadata.Name, b.Metadata.Name);
    }

    /// <summary>The container that is named, else the pod's own default, else the first, of which the user is told.</summary>
    public static string Container(ClusterSession session, Pod pod, string named)
    {
        var all = All(pod).ToList();
        if (named.Length > 0)
            return all.Contains(named) ? named : throw new CommandException($"container {named} is not valid for pod {pod.Metadata.Name}");
        if (pod.Metadata.Annotations?.GetValueOrDefault(DefaultContainer) is { Length: > 0 } usual && all.Contains(usual)) return usual;
        if (pod.Spec.Containers is not [var first, ..]) throw new CommandException($"no container is defined in pod {pod.Metadata.Name}");
        if (all.Count > 1) session.Output.Error($"Defaulted container \"{first.Name}\" out of: {string.Join(", ", Named(pod))}");
        return first.Name;
    }

    /// <summary>Names of all containers, those that prepare the pod first.</summary>
    public static IEnumerable<string> All(Pod pod) => (pod.Spec.InitContainers ?? []).Select(c => c.Name)
        .Concat((pod.Spec.Containers ?? []).Select(c => c.Name)).Concat((pod.Spec.EphemeralContainers ?? []).Select(c => c.Name));

    private static IEnumerable<string> Named(Pod pod) => (pod.Spec.Containers ?? []).Select(c => c.Name)
        .Concat((pod.Spec.EphemeralContainers ?? []).Select(c => c.Name + " (ephem)")).Concat((pod.Spec.InitContainers ?? []).Select(c => c.Name + " (init)"));
}
