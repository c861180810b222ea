using System.Globalization;
using System.Text;

namespace Coracle.Controllers.Scheduling;

/// <summary>Why a pod fits no node (framework.FitError).</summary>
public sealed class Diagnosis(int nodes)
{
    // Of thousands of nodes, most of the time nobody asks: only where none fits.
    private readonly List<(NodeInfo Node, Verdict Verdict)> said = [];
    private Dictionary<NodeInfo, Verdict>? byNode;

    private Dictionary<NodeInfo, Verdict> Said
    {
        get
        {
            if (byNode is not null) return byNode;
            byNode = new(said.Count);
            foreach (var (node, verdict) in said) byNode[node] = verdict;
            return byNode;
        }
    }

    /// <summary>Nodes of the cluster.</summary>
    public int Nodes { get; } = nodes;

    /// <summary>What was said of nodes by their Filters.</summary>
    public IReadOnlyDictionary<NodeInfo, Verdict> ByNode => Said;

    /// <summary>What holds for nodes that were not looked at.</summary>
    public Verdict Absent { get; internal set; } = Verdict.Unresolvable();

    /// <summary>Set when a PreFilter rejected the pod for all nodes.</summary>
    public string PreFilterMessage { get; internal set; } = "";
    public string PostFilterMessage { get; internal set; } = "";

    /// <summary>The plugins that rejected the pod, as a set of <see cref="Plugin.Bit"/>.</summary>
    internal ulong Rejecting { get; set; }
    internal ulong Pending { get; set; }

    /// <summary>The plugins that restricted the nodes to be looked at.</summary>
    internal ulong Restricting { get; set; }

    internal void Reject(NodeInfo node, Verdict verdict, Plugin? plugin)
    {
        said.Add((node, verdict));
        byNode = null;
        Blame(verdict, plugin);
    }

    internal void Blame(Verdict verdict, Plugin? plugin)
    {
        if (plugin is null) return;
        if (verdict.Code == VerdictCode.Pending) Pending |= plugin.Bit;
        if (verdict.IsRejected) Rejecting |= plugin.Bit;
    }

    public Verdict Of(NodeInfo node) => Said.GetValueOrDefault(node, Absent);

    /// <summary>As clients know it: "0/3 nodes are available: 1 node(s) had untolerated taint(s), 2 Insufficient cpu. preemption: ...".</summary>
    public string Message
    {
        get
        {
            var text = new StringBuilder();
            text.Append(CultureInfo.InvariantCulture, $"0/{Nodes} nodes are available:");
            if (PreFilterMessage.Length > 0) text.Append(' ').Append(PreFilterMessage).Append('.');
            else AppendReasons(text);
            if (PostFilterMessage.Length > 0) text.Append(' ').Append(PostFilterMessage);
            return text.ToString();
        }
    }

    private void AppendReasons(StringBuilder text)
    {
        var counts = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var verdict in Said.Values)
            foreach (var reason in verdict.Reasons) counts[reason] = counts.GetValueOrDefault(reason) + 1;
        if (Said.Count < Nodes)
            foreach (var reason in Absent.Reasons) counts[reason] = counts.GetValueOrDefault(reason) + Nodes - Said.Count;
        if (counts.Count == 0) return;
        var lines = new List<string>(counts.Count);
        foreach (var (reason, count) in counts) lines.Add(string.Create(CultureInfo.InvariantCulture, $"{count} {reason}"));
        lines.Sort(StringComparer.Ordinal); // as text: "10 ..." goes before "2 ..."
        text.Append(' ').AppendJoin(", ", lines).Append('.');
    }
}
