namespace Coracle.Schema.Cel;

/// <summary>The budget is used up: nothing may catch this on the way out.</summary>
internal sealed class CostExceededException : Exception;

/// <summary>One evaluation: the values of names by slot, and what was spent.</summary>
internal sealed class Frame(CelValue[] slots, long limit)
{
    public readonly CelValue[] Slots = slots;
    public long Cost;

    public void Charge(long cost)
    {
        Cost += cost;
        if (Cost > limit || Cost < 0) throw new CostExceededException();
    }
}

/// <summary>A compiled node.</summary>
internal delegate CelValue Code(Frame frame);
