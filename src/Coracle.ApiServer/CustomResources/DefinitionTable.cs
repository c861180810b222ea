using Coracle.Kinds.Apiextensions.V1;
using Coracle.Schema;

namespace Coracle.ApiServer;

/// <summary>
/// The resources that are served: the built-in ones, and those of the definitions in the store. Brought up to date by whoever asks, so that a request sees every
/// definition that was stored before it.
/// </summary>
internal sealed class DefinitionTable
{
    private readonly Server _server;
    private readonly ResourceTable _builtIn;
    private readonly HashSet<(string, string)> _builtInVersions;
    private readonly ResourceCache? _cache;
    private readonly Lock _lock = new();
    private volatile State _state;

    private sealed record State(ResourceEvent? Seen, ResourceTable Table, IReadOnlyDictionary<string, CustomDefinition> Definitions);

    public DefinitionTable(Server server, IReadOnlyList<Resource> builtIn)
    {
        _server = server;
        _builtIn = new ResourceTable(builtIn);
        _builtInVersions = [.. builtIn.Select(r => (r.Kind.Group, r.Kind.Version))];
        _cache = builtIn.FirstOrDefault(r => r.Kind.GroupVersionKind == CustomResourceDefinition.Info.GroupVersionKind)?.Cache;
        _state = new(null, _builtIn, new Dictionary<string, CustomDefinition>());
    }

    /// <summary>Null where definitions are not served.</summary>
    public ResourceCache? Cache => _cache;

    public ResourceTable Table => Current().Table;

    public IReadOnlyDictionary<string, CustomDefinition> Definitions => Current().Definitions;

    private State Current()
    {
        var state = _state;
        if (_cache is null || ReferenceEquals(state.Seen, _cache.Last)) return state;
        lock (_lock)
        {
            var last = _cache.Last;
            if (!ReferenceEquals(_state.Seen, last)) _state = Next(_state, last);
            return _state;
        }
    }

    private State Next(State before, ResourceEvent last)
    {
        var definitions = new Dictionary<string, CustomDefinition>(last.After.Count, StringComparer.Ordinal);
        var same = before.Seen is not null;
        foreach (var stored in last.After.From(""))
        {
            var known = before.Definitions.GetValueOrDefault(stored.Name);
            var definition = ReferenceEquals(known?.Stored, stored) ? known! : CustomDefinition.Of(stored, known, _server);
            definitions.Add(stored.Name, definition);
            same &= ReferenceEquals(known?.Resources, definition.Resources) || known?.Resources.Count == 0 && definition.Resources.Count == 0;
        }
        same &= before.Definitions.All(known => known.Value.Resources.Count == 0 || definitions.ContainsKey(known.Key));
        // The documents that are made of the table live as long as it does.
        return same ? before with { Seen = last, Definitions = definitions } : Replaced(before, last, definitions);
    }

    private State Replaced(State before, ResourceEvent last, Dictionary<string, CustomDefinition> definitions)
    {
        // A version that is built in is not served a second time.
        var custom = definitions.Values.SelectMany(d => d.Resources).Where(r => !_builtInVersions.Contains((r.Kind.Group, r.Kind.Version))).ToList();
        var served = custom.ToHashSet();
        foreach (var gone in before.Table.Custom)
            if (!served.Contains(gone)) gone.Retire();
        return new(last, new ResourceTable(_builtIn, custom), definitions);
    }
}
