namespace Coracle.Schema.Cel;

/// <summary>Folds: what the macros over lists and maps run as.</summary>
internal sealed partial class Compiler
{
    private Code Fold(FoldExpr fold)
    {
        var start = Node(fold.Start).Run();
        var range = Node(fold.Range).Run();
        var accumulator = slots++;
        var first = slots++;
        var second = fold.Second is null ? -1 : slots++;
        locals.Add((fold.Accumulator, accumulator));
        var result = Node(fold.Result).Run();
        locals.Add((fold.Variable, first));
        if (fold.Second is not null) locals.Add((fold.Second, second));
        var never = fold.Condition is ConstantExpr { Value.IsFalse: true };
        var condition = fold.Condition is ConstantExpr ? null : Node(fold.Condition).Run();
        var step = Node(fold.Step).Run();
        locals.RemoveRange(locals.Count - (fold.Second is null ? 2 : 3), fold.Second is null ? 2 : 3);
        var collects = fold.Start is ListExpr { Elements.Length: 0 };
        if (never) return Binding(range, start, accumulator, result);
        return frame =>
        {
            var over = range(frame);
            if (over.IsError) return over;
            if (over.Kind is not (CelKind.List or CelKind.Map)) return CelValue.Error($"got '{over.TypeName}', expected iterable type");
            var loop = new Loop(frame.Slots, accumulator, first, second, condition, step);
            var value = start(frame);
            loop.Run(frame, over, collects ? CelValue.List(new GrowingList([], 0)) : value);
            return result(frame);
        };
    }

    /// <summary>A name for a value, written as a fold that never steps.</summary>
    private static Code Binding(Code range, Code start, int slot, Code result) => frame =>
    {
        range(frame);
        frame.Slots[slot] = start(frame);
        return result(frame);
    };

    /// <summary>One run over a range.</summary>
    private readonly struct Loop(CelValue[] slots, int accumulator, int first, int second, Code? condition, Code step)
    {
        public void Run(Frame frame, CelValue over, CelValue value)
        {
            slots[accumulator] = value;
            if (over.Kind == CelKind.List) OverList(frame, over.AsList);
            else OverMap(frame, over.AsMap);
        }

        private void OverList(Frame frame, CelList list)
        {
            for (var i = 0; i < list.Count; i++)
            {
                if (second < 0) slots[first] = list[i];
                else
                {
                    slots[first] = CelValue.Int(i);
                    slots[second] = list[i];
                }
                if (!Step(frame)) return;
            }
        }

        private void OverMap(Frame frame, CelMap map)
        {
            foreach (var (key, value) in map.Entries())
            {
                slots[first] = key;
                if (second >= 0) slots[second] = value;
                if (!Step(frame)) return;
            }
        }

        private bool Step(Frame frame)
        {
            if (condition is not null && condition(frame).IsFalse) return false;
            slots[accumulator] = step(frame);
            return true;
        }
    }
}
