using System.Globalization;
using Coracle.Kinds.Core.V1;

namespace Coracle.Controllers.Pods;

/// <summary>
/// Which pods go first when there are too many (upstream: controller_utils.go, ActivePodsWithRanks): (1) those without a node, (2) pending before
/// unknown before running, (3) not ready, (4) of lower deletion cost, (5) with more related pods on their node, (6) ready for a shorter time, (7) with
/// more restarts, (8) younger. Times are compared by their order of magnitude, and what is left equal is decided by uid: which of several pods of
/// about the same age goes is as good as random, so that no zone or node loses all of them.
/// </summary>
public sealed class DeletionOrder : IComparer<Pod>
{
    /// <summary>The annotation that holds a pod's deletion cost: a 32-bit number, 0 when absent or no number.</summary>
    public const string CostAnnotation = "controller.kubernetes.io/pod-deletion-cost";

    private readonly DateTimeOffset now;
    private readonly Dictionary<string, int> relatedOnNode = new(StringComparer.Ordinal);

    /// <param name="related">The pods whose nearness counts for step 5: those of all sets of the same owner, the ones to choose from included.</param>
    /// <param name="now">From when ages are measured.</param>
    public DeletionOrder(IEnumerable<Pod> related, DateTimeOffset now)
    {
        this.now = now;
        foreach (var pod in related)
            if (PodState.IsActive(pod)) relatedOnNode[pod.Spec.NodeName] = relatedOnNode.GetValueOrDefault(pod.Spec.NodeName) + 1;
    }

    /// <summary>The given number of pods that go first.</summary>
    public List<Pod> First(IReadOnlyList<Pod> pods, int count) =>
        count >= pods.Count ? [.. pods] : [.. pods.Order(this).Take(count)];

    /// <summary>Negative when <paramref name="x"/> goes before <paramref name="y"/>.</summary>
    public int Compare(Pod? x, Pod? y)
    {
        if (x is null || y is null) return (x is null).CompareTo(y is null);
        int order;
        if ((order = HasNode(x).CompareTo(HasNode(y))) != 0) return order;                                   // 1
        if ((order = PhaseRank(x).CompareTo(PhaseRank(y))) != 0) return order;                               // 2
        var ready = PodState.IsReady(x);
        if ((order = ready.CompareTo(PodState.IsReady(y))) != 0) return order;                               // 3
        if ((order = Cost(x).CompareTo(Cost(y))) != 0) return order;                                         // 4
        if ((order = Neighbours(y).CompareTo(Neighbours(x))) != 0) return order;                             // 5
        if (ready && (order = ByAge(PodState.ReadySince(x), PodState.ReadySince(y))) != 0) return order;     // 6
        if ((order = PodState.Restarts(y).CompareTo(PodState.Restarts(x))) != 0) return order;               // 7
        if ((order = ByAge(x.Metadata.CreationTimestamp, y.Metadata.CreationTimestamp)) != 0) return order;  // 8
        return string.CompareOrdinal(x.Metadata.Uid, y.Metadata.Uid);
    }

    private static bool HasNode(Pod pod) => pod.Spec.NodeName.Length > 0;

    private static int PhaseRank(Pod pod) => pod.Status.Phase switch { "Pending" => 0, "Unknown" => 1, "Running" => 2, _ => 0 };

    private static int Cost(Pod pod) =>
        pod.Metadata.Annotations?.TryGetValue(CostAnnotation, out var text) == true && IsCost(text)
        && int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var cost) ? cost : 0;

    // A leading plus or zero makes it no cost: "+1" and "01" are 0.
    private static bool IsCost(string text) => text == "0" || (text.Length > 0 && text[0] is '-' or (>= '1' and <= '9'));

    private int Neighbours(Pod pod) => relatedOnNode.GetValueOrDefault(pod.Spec.NodeName);

    // No time at all goes first, then the shorter one.
    private int ByAge(DateTimeOffset? x, DateTimeOffset? y) => (x, y) switch
    {
        (null, null) => 0,
        (null, _) => -1,
        (_, null) => 1,
        _ => Magnitude(x.Value).CompareTo(Magnitude(y.Value)),
    };

    private int Magnitude(DateTimeOffset since) => now <= since ? -1 : (int)Math.Log2((now - since).TotalNanoseconds);
}
