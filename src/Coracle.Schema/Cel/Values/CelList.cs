namespace Coracle.Schema.Cel;

/// <summary>A list. Elements are read when asked for.</summary>
public abstract class CelList
{
    public abstract int Count { get; }
    public abstract CelValue this[int index] { get; }

    /// <summary>What <c>==</c> says; lists of the kind "set" or "map" do not mind the order.</summary>
    public virtual CelValue SameAs(CelList other)
    {
        if (other.IgnoresOrder) return other.SameAs(this);
        if (Count != other.Count) return CelValue.False;
        Work.Add(Count);
        for (var i = 0; i < Count; i++)
        {
            var same = Equality.Equal(this[i], other[i]);
            if (!same.IsTrue) return same;
        }
        return CelValue.True;
    }

    /// <summary>What <c>+</c> makes of two.</summary>
    public virtual CelList Plus(CelList other) => other.Count == 0 ? this : Count == 0 && !other.IgnoresOrder ? other : new CelArray([.. Items(), .. other.Items()]);

    /// <summary>The order is not part of what the list is.</summary>
    protected internal virtual bool IgnoresOrder => false;

    public IEnumerable<CelValue> Items()
    {
        for (var i = 0; i < Count; i++) yield return this[i];
    }
}

/// <summary>A list whose elements were computed.</summary>
public sealed class CelArray(CelValue[] values) : CelList
{
    public static CelArray Empty { get; } = new([]);

    private readonly CelValue[] values = values;
    public override int Count => values.Length;
    public override CelValue this[int index] => values[index];
}

/// <summary>A list that a fold is adding to. Earlier values of the fold share what is written, each with its own length, so that adding is cheap.</summary>
internal sealed class GrowingList(List<CelValue> shared, int count) : CelList
{
    public override int Count => count;
    public override CelValue this[int index] => shared[index];

    public override CelList Plus(CelList other)
    {
        var into = shared.Count == count ? shared : shared.GetRange(0, count);
        for (var i = 0; i < other.Count; i++) into.Add(other[i]);
        return new GrowingList(into, into.Count);
    }
}
