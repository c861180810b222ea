using Coracle.Kinds.Policy.V1;
using Coracle.Sdk;

namespace Coracle.Controllers.Scheduling;

/// <summary>The disruption budgets, as the cache has them.</summary>
public sealed class BudgetView
{
    private readonly Informer<PodDisruptionBudget> budgets;

    internal BudgetView(InformerSet informers) => budgets = informers.For<PodDisruptionBudget>();

    internal Task WaitForSyncAsync(CancellationToken cancel) => budgets.WaitForSyncAsync(cancel);

    /// <summary>All of them as they are now, ready to be asked about many nodes.</summary>
    internal IReadOnlyList<Budget> All()
    {
        var all = new List<Budget>();
        foreach (var budget in budgets.List())
            if (Budget.Of(budget) is { } known) all.Add(known);
        return all;
    }
}

/// <summary>One budget: whose pods, how many of them may go, and which are known to go already.</summary>
internal sealed record Budget(string Namespace, Selector Selector, int Allowed, IReadOnlySet<string> Going)
{
    // A budget without a selector, or with one that says nothing, speaks of no pod that may be preempted.
    public static Budget? Of(PodDisruptionBudget budget)
    {
        try
        {
            var selector = Selector.From(budget.Spec.Selector);
            if (selector.IsNothing || selector.IsEverything) return null;
            return new(budget.Metadata.Namespace, selector, budget.Status.DisruptionsAllowed, new HashSet<string>(budget.Status.DisruptedPods?.Keys ?? (IEnumerable<string>)[], StringComparer.Ordinal));
        }
        catch (FormatException)
        {
            return null;
        }
    }

    /// <summary>
    /// Which of these pods, the most important first, could go only against a budget (defaultpreemption, filterPodsWithPDBViolation): each takes from what every
    /// budget of it allows, until one allows no more.
    /// </summary>
    public static IReadOnlySet<PodInfo> Violated(IReadOnlyList<Budget> budgets, IReadOnlyList<PodInfo> pods)
    {
        var violating = new HashSet<PodInfo>();
        if (budgets.Count == 0) return violating;
        var left = budgets.Select(b => b.Allowed).ToArray();
        foreach (var pod in pods)
        {
            if (pod.Pod.Metadata.Labels is not { Count: > 0 } labels) continue;
            for (var i = 0; i < left.Length; i++)
            {
                var budget = budgets[i];
                if (budget.Namespace != pod.Key.Namespace || !budget.Selector.Matches(labels) || budget.Going.Contains(pod.Key.Name)) continue;
                if (--left[i] < 0) violating.Add(pod);
            }
        }
        return violating;
    }
}
