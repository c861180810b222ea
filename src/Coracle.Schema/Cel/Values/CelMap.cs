namespace Coracle.Schema.Cel;

/// <summary>A map, or an object whose fields are read by name. Values are read when asked for.</summary>
public abstract class CelMap
{
    public abstract int Count { get; }
    public abstract bool TryGet(CelValue key, out CelValue value);
    public abstract IEnumerable<KeyValuePair<CelValue, CelValue>> Entries();

    /// <summary>Objects made by an expression have a type of their own; all else is a map.</summary>
    public virtual CelType Type => RuntimeTypes.Map;

    /// <summary>Reads a key that is a field's name, without the detour over a value.</summary>
    public virtual bool TryGetField(string name, out CelValue value) => TryGet(CelValue.String(name), out value);

    public virtual bool HasField(string name) => TryGetField(name, out _);

    public virtual CelValue SameAs(CelMap other)
    {
        if (Count != other.Count) return CelValue.False;
        Work.Add(Count);
        foreach (var (key, value) in Entries())
        {
            if (!other.TryGet(key, out var theirs)) return CelValue.False;
            var same = Equality.Equal(value, theirs);
            if (!same.IsTrue) return same;
        }
        return CelValue.True;
    }
}

/// <summary>A map that was computed.</summary>
internal sealed class CelDictionary(Dictionary<CelValue, CelValue> values) : CelMap
{
    public static Dictionary<CelValue, CelValue> New(int capacity = 0) => new(capacity, Equality.KeyComparer);

    public override int Count => values.Count;
    public override IEnumerable<KeyValuePair<CelValue, CelValue>> Entries() => values;
    public override bool TryGet(CelValue key, out CelValue value) => values.TryGetValue(key, out value);
}
