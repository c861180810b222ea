namespace Coracle.Schema.Cel;

/// <summary>x-kubernetes-list-type: set. Equal whatever the order; adding makes the union.</summary>
internal sealed class SetList(CelList inner) : CelList
{
    private HashSet<CelValue>? members;
    private HashSet<CelValue> Members => members ??= new(inner.Items(), Equality.KeyComparer);

    public override int Count => inner.Count;
    public override CelValue this[int index] => inner[index];
    protected internal override bool IgnoresOrder => true;

    public override CelValue SameAs(CelList other) => CelValue.Bool(Count == other.Count && other.Items().All(Members.Contains));

    public override CelList Plus(CelList other)
    {
        var known = new HashSet<CelValue>(Members, Equality.KeyComparer);
        return new SetList(new CelArray([.. inner.Items(), .. other.Items().Where(known.Add)]));
    }
}

/// <summary>x-kubernetes-list-type: map. Elements are known by their keys: equal whatever the order; adding replaces what has the same keys.</summary>
internal sealed class KeyedList(CelList inner, IReadOnlyList<string> keys) : CelList
{
    private Dictionary<string, int>? places;

    public override int Count => inner.Count;
    public override CelValue this[int index] => inner[index];
    protected internal override bool IgnoresOrder => true;

    private Dictionary<string, int> Places()
    {
        if (places is not null) return places;
        var found = new Dictionary<string, int>(inner.Count, StringComparer.Ordinal);
        for (var i = 0; i < inner.Count; i++) found[KeyOf(inner[i])] = i;
        return places = found;
    }

    private string KeyOf(CelValue element)
    {
        if (element.Kind != CelKind.Map) return "";
        return string.Join('\0', keys.Select(k =>
            element.AsMap.TryGetField(CelNames.Escape(k) ?? k, out var value) ? $"{(int)value.Kind}{value}" : ""));
    }

    public override CelValue SameAs(CelList other)
    {
        if (Count != other.Count) return CelValue.False;
        foreach (var element in other.Items())
        {
            if (!Places().TryGetValue(KeyOf(element), out var place)) return CelValue.False;
            var same = Equality.Equal(inner[place], element);
            if (!same.IsTrue) return same;
        }
        return CelValue.True;
    }

    public override CelList Plus(CelList other)
    {
        List<CelValue> merged = [.. inner.Items()];
        var where = new Dictionary<string, int>(Places(), StringComparer.Ordinal);
        foreach (var element in other.Items())
        {
            var key = KeyOf(element);
            if (where.TryGetValue(key, out var place)) merged[place] = element;
            else
            {
                where[key] = merged.Count;
                merged.Add(element);
            }
        }
        return new KeyedList(new CelArray([.. merged]), keys);
    }
}
