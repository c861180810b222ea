namespace Coracle.Controllers.Scheduling;

/// <summary>How much the pods of a node add to its topology of a key.</summary>
/// <param name="Into">Which of the sums of a question: 0 or 1.</param>
internal readonly record struct Amount(int Into, string Key, long Value);

/// <summary>
/// Sums over the pods of all nodes by topology, kept from one pod to the next of its kind: asked again, only nodes that changed since are worked out anew, so
/// that a question costs what has changed and not what there is. Owned by the scheduling loop.
/// </summary>
internal sealed class TopologyMemory
{
    private const int QuestionsMax = 64;
    private readonly Dictionary<string, Question> questions = new(StringComparer.Ordinal);

    private sealed class Question
    {
        public readonly Dictionary<NodeInfo, Part> Parts = [];
        public readonly TopologyCounts[] Sums = [new(), new()];
        public long Seen = -1;
    }

    /// <summary>What a node adds: under the labels that it had then.</summary>
    private readonly record struct Part(long Version, Kinds.Core.V1.Node Node, Amount[] Amounts);

    /// <summary>Both sums of a question, whose text must tell it from any other. They are the memory's own: to be built upon, not changed, and good for this cycle.</summary>
    public TopologyCounts[] About<TAbout>(string text, ClusterState cluster, TAbout about, Func<NodeInfo, TAbout, Amount[]> work)
    {
        if (!questions.TryGetValue(text, out var question))
        {
            if (questions.Count >= QuestionsMax) questions.Clear();
            questions[text] = question = new();
        }
        if (cluster.ChangedSince(question.Seen) is { } changed)
            foreach (var node in changed) Renew(question, node, about, work);
        else
        {
            Forget(question);
            foreach (var node in cluster.Nodes) Renew(question, node, about, work);
        }
        question.Seen = cluster.Changes;
        return question.Sums;
    }

    // Too much has happened: begin anew.
    private static void Forget(Question question)
    {
        question.Parts.Clear();
        foreach (var sum in question.Sums) sum.Clear();
    }

    private static void Renew<TAbout>(Question question, NodeInfo node, TAbout about, Func<NodeInfo, TAbout, Amount[]> work)
    {
        if (question.Parts.TryGetValue(node, out var part))
        {
            if (part.Version == node.Version && node.IsKnown) return;
            foreach (var (into, key, value) in part.Amounts) question.Sums[into].Add(part.Node, key, -value);
            question.Parts.Remove(node);
        }
        if (!node.IsKnown) return;
        var amounts = work(node, about);
        foreach (var (into, key, value) in amounts) question.Sums[into].Add(node.Node, key, value);
        question.Parts[node] = new(node.Version, node.Node, amounts);
    }
}
