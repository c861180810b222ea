using System.Text.Json;
using Coracle.ApiServer.Access;
using Coracle.Schema;

namespace Coracle.ApiServer;

/// <summary>
/// Something made of all objects of one or two kinds, made anew by whoever asks first after a change. Asking costs nothing while nothing has changed, and
/// nothing runs in the background.
/// </summary>
/// <param name="make">Makes it of the objects, each kind's in the order of their names.</param>
/// <param name="resources">The resources, "widgets.example.com".</param>
internal sealed class ConfigurationSet<T>(Func<IReadOnlyList<StoredObject>[], T> make, params string[] resources) where T : class
{
    private readonly Lock _lock = new();
    private ResourceCache[]? _caches;
    private volatile Made? _made;

    private sealed record Made(T Value, ResourceEvent[] As);

    public T Get(Server server)
    {
        if (_made is { } made && IsCurrent(made)) return made.Value;
        lock (_lock)
        {
            if (_made is { } other && IsCurrent(other)) return other.Value;
            _caches ??= [.. resources.Select(server.Cache.Resource)];
            var seen = Array.ConvertAll(_caches, cache => cache.Last);
            var value = make(Array.ConvertAll<ResourceEvent, IReadOnlyList<StoredObject>>(seen, last => [.. last.After.From("")]));
            _made = new Made(value, seen);
            return value;
        }
    }

    private bool IsCurrent(Made made)
    {
        for (var i = 0; i < made.As.Length; i++)
            if (!ReferenceEquals(_caches![i].Last, made.As[i])) return false;
        return true;
    }
}

/// <summary>Configuration as it is stored.</summary>
internal static class Configuration
{
    /// <summary>Null for what cannot be read: it must not keep the others from being in force.</summary>
    public static T? Read<T>(StoredObject stored) where T : class, IApiType<T>
    {
        try
        {
            return stored.Typed<T>();
        }
        catch (Exception e) when (e is JsonException or FormatException or InvalidOperationException)
        {
            return null;
        }
    }
}
