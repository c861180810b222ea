using System.Runtime.InteropServices;

namespace Coracle.Controllers.Scheduling;

/// <summary>
/// What was worked out from the pods of nodes, kept for as long as a node is as it was: between one pod and the next of its kind one node of a thousand
/// changes. Owned by the scheduling loop.
/// </summary>
internal sealed class NodeMemory<T>
{
    private const int QuestionsMax = 64;
    private readonly Dictionary<string, Dictionary<NodeInfo, (long Version, T Answer)>> questions = new(StringComparer.Ordinal);

    /// <summary>The answers to one question, whose text must tell it from any other.</summary>
    public Answers About(string question, int nodes)
    {
        if (!questions.TryGetValue(question, out var known))
        {
            if (questions.Count >= QuestionsMax) questions.Clear();
            questions[question] = known = [];
        }
        else if (known.Count > 2 * nodes) known.Clear(); // most of these nodes are gone
        return new(known);
    }

    public readonly struct Answers(Dictionary<NodeInfo, (long Version, T Answer)> known)
    {
        public T Of<TAbout>(NodeInfo node, TAbout about, Func<NodeInfo, TAbout, T> work)
        {
            ref var entry = ref CollectionsMarshal.GetValueRefOrAddDefault(known, node, out var has);
            if (!has || entry.Version != node.Version) entry = (node.Version, work(node, about));
            return entry.Answer;
        }
    }
}
