namespace Coracle.Schema.Cel;

/// <summary>The budget is used up: nothing may catch this on the way out.</summary>
internal sealed class CostExceededException : Exception;

/// <summary>One evaluation: the values of names by slot, and what was spent.</summary>
internal sealed class Frame
{
    private const int SlotsLeast = 16;

    [ThreadStatic]
    private static Frame? spare;

    private long limit;
    private CelValue[] slots = new CelValue[SlotsLeast];

    public CelValue[] Slots => slots;
    public long Cost;

    /// <summary>One that this thread has used before, or a new one: rules are many and short.</summary>
    public static Frame Rent(int count, long limit)
    {
        var frame = spare ?? new Frame();
        spare = null;
        if (frame.slots.Length < count) frame.slots = new CelValue[count];
        (frame.limit, frame.Cost) = (limit, 0);
        return frame;
    }

    /// <summary>Holds on to nothing that the evaluation saw.</summary>
    public void Return(int count)
    {
        Array.Clear(slots, 0, count);
        spare = this;
    }

    public void Charge(long cost)
    {
        Cost += cost;
        if (Cost > limit || Cost < 0) throw new CostExceededException();
    }
}

/// <summary>A compiled node.</summary>
internal delegate CelValue Code(Frame frame);
