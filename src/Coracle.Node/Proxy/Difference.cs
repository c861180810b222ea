using System.Collections.Immutable;
using Coracle.Node.Network;

namespace Coracle.Node.Proxy;

/// <summary>
/// Collects what changes and writes it in an order that the kernel accepts:
/// <list type="number">
/// <item>chains and sets that others will refer to,</item>
/// <item>the rules of new and changed chains,</item>
/// <item>map elements: removals, then additions,</item>
/// <item>the rules of abandoned chains are removed, then the sets that only those used.</item>
/// </list>
/// </summary>
internal sealed class Difference(NftScript script, ProxyOptions options)
{
    private readonly List<NftChain> _newChains = [];
    private readonly List<NftChain> _changedChains = [];
    private readonly List<string> _abandonedChains = [];
    private readonly List<NftAffinitySet> _newSets = [];
    private readonly List<string> _oldSets = [];
    private readonly SortedDictionary<string, List<string>> _removals = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, List<string>> _additions = new(StringComparer.Ordinal);

    public IReadOnlyList<string> AbandonedChains => _abandonedChains;

    public IEnumerable<string> NewChains => _newChains.Select(chain => chain.Name);

    public bool TouchesUdp { get; private set; }

    public void Fragment(Fragment before, Fragment after)
    {
        Chains(before.Chains, after.Chains);
        _newSets.AddRange(after.AffinitySets.Except(before.AffinitySets));
        _oldSets.AddRange(before.AffinitySets.Except(after.AffinitySets).Select(s => s.Name));
        TouchesUdp |= !before.UdpServices.AsSpan().SequenceEqual(after.UdpServices.AsSpan());
    }

    public void Frontend(Frontend? before, Frontend? after)
    {
        var id = (before ?? after)!.Id;
        var comment = after?.Comment ?? "";
        switch (id.Kind)
        {
            case FrontendKind.Address:
                Element(TableLayout.Services, before?.Dispatch, after?.Dispatch);
                Element(TableLayout.RefusedServices, before?.Refuse, after?.Refuse);
                Element(TableLayout.GuardedServices, before?.Guard, after?.Guard);
                break;
            case FrontendKind.NodePort:
                Element(TableLayout.NodePorts, before?.Dispatch, after?.Dispatch);
                Element(TableLayout.RefusedNodePorts, before?.Refuse, after?.Refuse);
                break;
            case FrontendKind.ClusterIP when before is null:
                In(_additions, TableLayout.ClusterIPs).Add($"{id.Key} comment \"{comment}\"");
                break;
            case FrontendKind.ClusterIP when after is null:
                In(_removals, TableLayout.ClusterIPs).Add(id.Key);
                break;
        }

        void Element(string map, string? was, string? becomes)
        {
            if (was == becomes && (was is null || before!.Comment == comment))
            {
                return;
            }

            if (was is not null)
            {
                In(_removals, map).Add(id.Key);
            }

            if (becomes is not null)
            {
                In(_additions, map).Add($"{id.Key} comment \"{comment}\" : {becomes}");
            }
        }
    }

    public void Write()
    {
        // 1.
        _newChains.ForEach(chain => script.AddChain(chain.Name));
        var address = options.Family == IpFamily.IPv6 ? "ipv6_addr" : "ipv4_addr";
        _newSets.ForEach(set => script.AddAffinitySet(set, address));
        // 2.
        _newChains.ForEach(script.AddRules);
        foreach (var chain in _changedChains)
        {
            script.FlushChain(chain.Name);
            script.AddRules(chain);
        }

        // 3.
        foreach (var (map, keys) in _removals)
        {
            script.DeleteElements(map, keys);
        }

        foreach (var (map, elements) in _additions)
        {
            script.AddElements(map, elements);
        }

        // 4.
        _abandonedChains.ForEach(script.FlushChain);
        _oldSets.ForEach(script.DeleteSet);
    }

    private void Chains(ImmutableArray<NftChain> before, ImmutableArray<NftChain> after)
    {
        var old = before.ToDictionary(c => c.Name);
        foreach (var chain in after)
        {
            if (!old.Remove(chain.Name, out var was))
            {
                _newChains.Add(chain);
            }
            else if (!was.Equals(chain))
            {
                _changedChains.Add(chain);
            }
        }

        _abandonedChains.AddRange(old.Keys);
    }

    private static List<string> In(SortedDictionary<string, List<string>> byMap, string map)
    {
        if (!byMap.TryGetValue(map, out var list))
        {
            byMap[map] = list = [];
        }

        return list;
    }
}
