namespace Coracle.Node.Network;

/// <summary>
/// Holds the current <see cref="NetworkSnapshot"/>: informers write it from any thread, the proxy and the name server read it.
/// </summary>
public sealed class NetworkDirectory
{
    private readonly Lock _gate = new();
    private NetworkSnapshot _current = NetworkSnapshot.Empty;

    /// <summary>Raised after every change, outside of any lock, on the writer's thread. Handlers must be quick and not throw.</summary>
    public event Action? Changed;

    public NetworkSnapshot Current => Volatile.Read(ref _current);

    public void SetService(ServiceSpec service) => Change(now => now.WithService(service));

    public void RemoveService(ServiceKey key) => Change(now => now.WithoutService(key));

    public void SetSlice(EndpointSliceSpec slice) => Change(now => now.WithSlice(slice));

    public void RemoveSlice(string @namespace, string name) => Change(now => now.WithoutSlice(@namespace, name));

    /// <summary>Tells that the first list of services and slices is in. Until then the proxy loads nothing.</summary>
    public void MarkComplete() => Change(now => now with { IsComplete = true });

    /// <summary>Applies several changes as one step, so that no reader sees half of them.</summary>
    public void Change(Func<NetworkSnapshot, NetworkSnapshot> change)
    {
        lock (_gate)
        {
            var next = change(_current);
            if (ReferenceEquals(next, _current))
            {
                return;
            }

            Volatile.Write(ref _current, next);
        }

        Changed?.Invoke();
    }
}
