using System.Collections.Immutable;
using Coracle.Node.Network;

namespace Coracle.Node.Proxy;

/// <summary>
/// One atomic change of the table.
/// </summary>
/// <param name="Script">For <c>nft -f -</c>; empty if there is nothing to do.</param>
/// <param name="Abandoned">
/// Chains that are no longer used. They are emptied here and deleted later by <see cref="Sweep"/>: kernels before 6.2 count a chain as
/// used until a moment after the transaction that removed its last use, and a failed deletion would fail the whole change.
/// </param>
/// <param name="Adopted">Chains that this transaction creates, or takes up again if they were abandoned before.</param>
/// <param name="TouchesUdp">Whether a UDP service's frontends or endpoints changed, so that flows may be stale.</param>
internal sealed record Transaction(string Script, ImmutableArray<string> Abandoned, ImmutableArray<string> Adopted, bool TouchesUdp)
{
    /// <summary>Replaces whatever the table holds. Established connections are unaffected: the kernel remembers their translation elsewhere.</summary>
    /// <param name="affinity">Clients that stuck to endpoints before, and go on doing so where the endpoints are still wanted.</param>
    public static Transaction Full(Ruleset wanted, ProxyOptions options, ImmutableArray<AffinityEntry> affinity)
    {
        var script = new NftScript(options.Table);
        script.RecreateTable();
        TableLayout.Create(script, options);
        var difference = new Difference(script, options);
        foreach (var fragment in wanted.Fragments.Values)
        {
            difference.Fragment(Fragment.Empty, fragment);
        }

        foreach (var frontend in wanted.OwnedFrontends.OrderBy(f => f.Id))
        {
            difference.Frontend(null, frontend);
        }

        difference.Write();
        RestoreAffinity(script, wanted, affinity);
        return new Transaction(script.ToString(), [], [.. difference.NewChains], TouchesUdp: true);
    }

    /// <summary>The least change that leads from what is loaded to what is wanted.</summary>
    public static Transaction Between(Ruleset loaded, Ruleset wanted, ProxyOptions options)
    {
        var script = new NftScript(options.Table);
        var difference = new Difference(script, options);
        var frontends = new SortedSet<FrontendId>();
        foreach (var service in ChangedServices(loaded, wanted))
        {
            var before = loaded.Fragments.GetValueOrDefault(service, Fragment.Empty);
            var after = wanted.Fragments.GetValueOrDefault(service, Fragment.Empty);
            difference.Fragment(before, after);
            frontends.UnionWith(before.Frontends.Concat(after.Frontends).Select(f => f.Id));
        }

        foreach (var id in frontends)
        {
            difference.Frontend(loaded.Owner(id), wanted.Owner(id));
        }

        difference.Write();
        return new Transaction(script.ToString(), [.. difference.AbandonedChains], [.. difference.NewChains], difference.TouchesUdp);
    }

    /// <summary>Deletes chains that earlier transactions abandoned.</summary>
    public static string Sweep(IEnumerable<string> chains, ProxyOptions options)
    {
        var script = new NftScript(options.Table);
        foreach (var chain in chains)
        {
            script.DeleteChain(chain);
        }

        return script.ToString();
    }

    /// <summary>Removes the table with all it holds, if it exists.</summary>
    public static string Teardown(ProxyOptions options)
    {
        var script = new NftScript(options.Table);
        script.DropTable();
        return script.ToString();
    }

    private static void RestoreAffinity(NftScript script, Ruleset wanted, ImmutableArray<AffinityEntry> affinity)
    {
        var sets = wanted.Fragments.Values.SelectMany(f => f.AffinitySets).Select(s => s.Name).ToHashSet();
        foreach (var set in affinity.Where(e => e.SecondsLeft > 0 && sets.Contains(e.Set)).GroupBy(e => e.Set, StringComparer.Ordinal))
        {
            script.AddElements(set.Key, [.. set.Select(e => $"{e.Client} expires {e.SecondsLeft}s")]);
        }
    }

    private static List<ServiceKey> ChangedServices(Ruleset loaded, Ruleset wanted)
    {
        var changed = new List<ServiceKey>();
        foreach (var (service, fragment) in wanted.Fragments)
        {
            if (!loaded.Fragments.TryGetValue(service, out var before) || !ReferenceEquals(before, fragment))
            {
                changed.Add(service);
            }
        }

        changed.AddRange(loaded.Fragments.Keys.Where(service => !wanted.Fragments.ContainsKey(service)));
        return changed;
    }
}
