using System.Collections.Immutable;
using Coracle.Node.Network;

namespace Coracle.Node.Proxy;

/// <summary>
/// All services' contributions, and who has which frontend. Immutable: what is loaded and what is wanted are two of these, and
/// <see cref="Transaction"/> is their difference.
/// </summary>
internal sealed record Ruleset
{
    public static Ruleset Empty { get; } = new();

    public ImmutableSortedDictionary<ServiceKey, Fragment> Fragments { get; private init; } =
        ImmutableSortedDictionary<ServiceKey, Fragment>.Empty;

    private ImmutableDictionary<FrontendId, ImmutableSortedDictionary<ServiceKey, Frontend>> Claims { get; init; } =
        ImmutableDictionary<FrontendId, ImmutableSortedDictionary<ServiceKey, Frontend>>.Empty;

    /// <summary>Replaces what a service contributes; the empty fragment removes it.</summary>
    public Ruleset With(ServiceKey service, Fragment fragment)
    {
        var claims = Claims;
        var before = Fragments.GetValueOrDefault(service, Fragment.Empty);
        foreach (var frontend in before.Frontends)
        {
            var others = claims[frontend.Id].Remove(service);
            claims = others.IsEmpty ? claims.Remove(frontend.Id) : claims.SetItem(frontend.Id, others);
        }

        foreach (var frontend in fragment.Frontends)
        {
            var others = claims.GetValueOrDefault(frontend.Id, ImmutableSortedDictionary<ServiceKey, Frontend>.Empty);
            claims = claims.SetItem(frontend.Id, others.SetItem(service, frontend));
        }

        var fragments = ReferenceEquals(fragment, Fragment.Empty) ? Fragments.Remove(service) : Fragments.SetItem(service, fragment);
        return new Ruleset { Fragments = fragments, Claims = claims };
    }

    /// <summary>Who has a frontend: of several that claim it, the first in order; null if nobody does.</summary>
    public Frontend? Owner(FrontendId id) =>
        Claims.TryGetValue(id, out var claimants) ? claimants.First().Value : null;

    public IEnumerable<Frontend> OwnedFrontends => Claims.Values.Select(claimants => claimants.First().Value);

    public IEnumerable<UdpService> UdpServices => Fragments.Values.SelectMany(f => f.UdpServices);

    public int ChainCount => Fragments.Values.Sum(f => f.Chains.Length);
}
