using System.Text;

namespace Coracle.Store.Encryption;

/// <summary>
/// What of the values on disk is encrypted, and how. Values in memory are always plain: they pass here on their way to the disk and back. Remembers what each key's
/// value was stored with, so that those of a former key can be told and rewritten. Rules may change at any time; what is on disk stays as it is until it is written again.
/// </summary>
public sealed class ValueEncryption
{
    private static readonly NamedTransformer Plain = new("", "", new PlainTransformer(), "");

    private readonly Lock _lock = new();
    private readonly Dictionary<string, string> _storedWith = new(StringComparer.Ordinal);
    private readonly IReadOnlyList<NamedTransformer> _readers;
    private readonly NamedTransformer[] _otherwise;
    private volatile Dictionary<string, IReadOnlyList<NamedTransformer>> _rules;

    /// <param name="rules">What holds now.</param>
    /// <param name="readers">What opens values besides, whatever the rules: it has stored some before.</param>
    public ValueEncryption(IEnumerable<EncryptionRule> rules, params IReadOnlyList<NamedTransformer> readers)
    {
        _readers = readers;
        _otherwise = [Plain, .. readers];
        _rules = ToMap(rules);
    }

    /// <summary>What is deleted on disk is overwritten: it may be the plain text of what has been encrypted since.</summary>
    public bool OverwritesDeleted { get; init; } = true;

    private Dictionary<string, IReadOnlyList<NamedTransformer>> ToMap(IEnumerable<EncryptionRule> rules)
    {
        var map = new Dictionary<string, IReadOnlyList<NamedTransformer>>(StringComparer.Ordinal);
        foreach (var rule in rules) map.TryAdd(rule.Resource, [.. rule.Transformers, .. _readers]);
        return map;
    }

    /// <summary>
    /// From now on these rules hold. Null when they do; otherwise nothing has changed: there are values on disk that could not be opened any more.
    /// </summary>
    public string? Use(IEnumerable<EncryptionRule> rules)
    {
        var map = ToMap(rules);
        lock (_lock)
        {
            foreach (var (key, prefix) in _storedWith)
            {
                if (!For(map, key).Any(t => t.Prefix == prefix)) return $"{PlaceOf(key)} is still stored with {prefix.TrimEnd(':')}: rewrite it before that key is taken away";
            }
            _rules = map;
        }
        return null;
    }

    /// <summary>The value was not stored with what stores now: writing it again would change what is on disk.</summary>
    public bool IsStale(string key)
    {
        lock (_lock)
            return _storedWith.GetValueOrDefault(key, "") != For(_rules, key)[0].Prefix;
    }

    /// <summary>What goes to disk for a value.</summary>
    internal ReadOnlySpan<byte> Seal(string key, ReadOnlySpan<byte> value)
    {
        var writer = For(_rules, key)[0];
        Note(key, writer.Prefix);
        if (writer.Prefix.Length == 0) return value;
        var body = writer.Transformer.Seal(value, Encoding.UTF8.GetBytes(PlaceOf(key)));
        return (byte[])[.. Encoding.UTF8.GetBytes(writer.Prefix), .. body];
    }

    /// <summary>The key has no value any more.</summary>
    internal void Forget(string key) => Note(key, "");

    /// <summary>The value of what was on disk.</summary>
    /// <param name="note">It is the key's newest.</param>
    internal byte[] Open(string key, byte[] stored, bool note)
    {
        var transformers = For(_rules, key);
        var place = Encoding.UTF8.GetBytes(PlaceOf(key));
        var errors = new List<string>();
        for (var i = 0; i < transformers.Count; i++)
        {
            var one = transformers[i];
            if (!StartsWith(stored, one.Kind)) continue;
            if (!StartsWith(stored.AsSpan(one.Kind.Length), one.Key))
            {
                if (!errors.Contains(one.Unmatched)) errors.Add(one.Unmatched);
                continue;
            }
            if (one.Transformer.Open(stored.AsSpan(one.Prefix.Length), place, out var error) is { } value)
            {
                if (note) Note(key, one.Prefix);
                return value;
            }
            // What is no plain value may be one of the others'.
            if (one.Prefix.Length > 0) errors.Add(error);
        }
        // That another key of the kind has not stored it is only of interest if nothing else is wrong.
        if (errors.Count > 1) errors.RemoveAll(e => transformers.Any(t => t.Unmatched == e));
        throw new StoreOpenException($"unable to transform key {Quote(PlaceOf(key))}: {(errors.Count == 0 ? "no matching prefix found" : errors.Count == 1 ? errors[0] : $"[{string.Join(", ", errors.Distinct())}]")}");
    }

    private void Note(string key, string prefix)
    {
        lock (_lock)
        {
            if (prefix.Length == 0) _storedWith.Remove(key);
            else _storedWith[key] = prefix;
        }
    }

    private IReadOnlyList<NamedTransformer> For(Dictionary<string, IReadOnlyList<NamedTransformer>> rules, string key)
    {
        var slash = key.IndexOf('/', StringComparison.Ordinal);
        var resource = slash < 0 ? key : key[..slash];
        if (rules.TryGetValue(resource, out var found)) return found;
        var dot = resource.IndexOf('.', StringComparison.Ordinal);
        if (rules.TryGetValue(dot < 0 ? "*." : "*" + resource[dot..], out found)) return found;
        return rules.TryGetValue("*.*", out found) ? found : _otherwise;
    }

    /// <summary>As upstream's store has it.</summary>
    private static string PlaceOf(string key) => "/registry/" + key;

    private static bool StartsWith(ReadOnlySpan<byte> stored, string prefix)
    {
        if (stored.Length < prefix.Length) return false;
        for (var i = 0; i < prefix.Length; i++)
            if (stored[i] != prefix[i]) return false;
        return true;
    }

    private static string Quote(string text) => $"\"{text}\"";
}
