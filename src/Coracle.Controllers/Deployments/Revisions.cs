using System.Globalization;
using Coracle.Kinds.Apps.V1;

namespace Coracle.Controllers.Deployments;

/// <summary>What a deployment writes on its replica sets: their place in its history and its size when they got theirs (upstream: deployment_util.go).</summary>
internal static class Revisions
{
    public const string Revision = "deployment.kubernetes.io/revision";
    public const string History = "deployment.kubernetes.io/revision-history";
    public const string Desired = "deployment.kubernetes.io/desired-replicas";
    public const string Max = "deployment.kubernetes.io/max-replicas";

    // A set to which a deployment is rolled back time and again must not grow without end.
    private const int HistoryLengthMax = 2000;

    // Not passed on from a deployment to its sets: kubectl's own, and what this file keeps.
    private static readonly HashSet<string> NotCopied =
    [
        "kubectl.kubernetes.io/last-applied-configuration", Revision, History, Desired, Max, "deprecated.deployment.rollback.to",
    ];

    /// <summary>The set's place in the history; 0 when it says none.</summary>
    public static long Of(ReplicaSet set) => Read(set, Revision) ?? 0;

    /// <summary>The highest place of any of the sets; 0 when there are none.</summary>
    public static long Highest(IEnumerable<ReplicaSet> sets) => sets.Select(Of).DefaultIfEmpty().Max();

    /// <summary>The deployment's size when the set got its own.</summary>
    public static int? DesiredReplicas(ReplicaSet set) => (int?)Read(set, Desired);

    /// <summary>How many pods the deployment might have had when the set got its size.</summary>
    public static int? MaxReplicas(ReplicaSet set) => (int?)Read(set, Max);

    private static long? Read(ReplicaSet set, string annotation) =>
        set.Metadata.Annotations?.TryGetValue(annotation, out var text) == true
        && long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number : null;

    /// <summary>
    /// Writes on the deployment's new set: (1) the deployment's annotations, such as the cause of the change, (2) its place in the history, the old one
    /// kept behind it when it has been there before. True when anything changed.
    /// </summary>
    public static bool Mark(ReplicaSet set, Deployment deployment, long revision)
    {
        var annotations = set.Metadata.Annotations ??= [];
        var changed = false;
        foreach (var (key, value) in deployment.Metadata.Annotations ?? [])                                    // 1
            if (!NotCopied.Contains(key)) changed |= Put(annotations, key, value);
        var known = annotations.TryGetValue(Revision, out var text);
        if (known && text!.Length > 0 && Read(set, Revision) is null) return false; // not ours to interpret
        if (Of(set) >= revision) return changed;
        if (known) Remember(annotations, text!);                                                               // 2
        annotations[Revision] = Text(revision);
        return true;
    }

    /// <summary>Writes the deployment's size on a set that gets its own. True when anything changed.</summary>
    public static bool MarkSize(ReplicaSet set, RolloutLimits limits)
    {
        var annotations = set.Metadata.Annotations ??= [];
        return Put(annotations, Desired, Text(limits.Replicas)) | Put(annotations, Max, Text(limits.MaxTotal));
    }

    private static void Remember(Dictionary<string, string> annotations, string revision)
    {
        var history = annotations.GetValueOrDefault(History, "");
        while (history.Length > 0 && history.Length + 1 + revision.Length > HistoryLengthMax)
            history = history.IndexOf(',', StringComparison.Ordinal) is var comma and >= 0 ? history[(comma + 1)..] : "";
        annotations[History] = history.Length == 0 ? revision : $"{history},{revision}";
    }

    private static bool Put(Dictionary<string, string> annotations, string key, string value)
    {
        if (annotations.TryGetValue(key, out var old) && old == value) return false;
        annotations[key] = value;
        return true;
    }

    public static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}
