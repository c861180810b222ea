using System.Collections.Immutable;

namespace Coracle.Node.Network;

/// <summary>
/// Everything the data plane knows at one instant: immutable, so that the proxy and the name server each work on one consistent
/// picture, and two snapshots are compared cheaply: what did not change is the same object in both.
/// </summary>
public sealed record NetworkSnapshot
{
    public static NetworkSnapshot Empty { get; } = new();

    /// <summary>Services and slices, by the service they belong to.</summary>
    public ImmutableSortedDictionary<ServiceKey, ServiceView> Services { get; private init; } =
        ImmutableSortedDictionary<ServiceKey, ServiceView>.Empty;

    /// <summary>The namespaces that exist, or null if nobody tells: then any name is taken for an existing one.</summary>
    public ImmutableHashSet<string>? Namespaces { get; init; }

    /// <summary>False until the first complete list of services and slices is in; acting on less would cut live services off.</summary>
    public bool IsComplete { get; init; }

    private ImmutableDictionary<(string Namespace, string Name), ServiceKey> SliceOwners { get; init; } =
        ImmutableDictionary<(string, string), ServiceKey>.Empty;

    public NetworkSnapshot WithService(ServiceSpec service) =>
        this with { Services = Services.SetItem(service.Key, ViewOf(service.Key) with { Spec = service }) };

    public NetworkSnapshot WithoutService(ServiceKey key) =>
        Services.TryGetValue(key, out var view) ? Put(key, view with { Spec = null }) : this;

    /// <summary>Adds or replaces a slice; one that was relabelled leaves its former service.</summary>
    public NetworkSnapshot WithSlice(EndpointSliceSpec slice)
    {
        var moved = SliceOwners.TryGetValue((slice.Namespace, slice.Name), out var owner) && owner != slice.Service;
        var before = moved ? WithoutSlice(slice.Namespace, slice.Name) : this;
        var view = before.ViewOf(slice.Service);
        return before with
        {
            Services = before.Services.SetItem(slice.Service, view with { Slices = view.Slices.SetItem(slice.Name, slice) }),
            SliceOwners = before.SliceOwners.SetItem((slice.Namespace, slice.Name), slice.Service),
        };
    }

    public NetworkSnapshot WithoutSlice(string @namespace, string name)
    {
        if (!SliceOwners.TryGetValue((@namespace, name), out var owner))
        {
            return this;
        }

        var view = ViewOf(owner);
        return Put(owner, view with { Slices = view.Slices.Remove(name) }) with
        {
            SliceOwners = SliceOwners.Remove((@namespace, name)),
        };
    }

    private ServiceView ViewOf(ServiceKey key) => Services.GetValueOrDefault(key, ServiceView.Empty);

    private NetworkSnapshot Put(ServiceKey key, ServiceView view) =>
        this with { Services = view.IsEmpty ? Services.Remove(key) : Services.SetItem(key, view) };
}

/// <summary>One service with its endpoint slices. Slices may arrive before their service: then <see cref="Spec"/> is null.</summary>
public sealed record ServiceView(ServiceSpec? Spec, ImmutableSortedDictionary<string, EndpointSliceSpec> Slices)
{
    public static ServiceView Empty { get; } =
        new(null, ImmutableSortedDictionary.Create<string, EndpointSliceSpec>(StringComparer.Ordinal));

    public bool IsEmpty => Spec is null && Slices.IsEmpty;
}
