using Samples.V1;

namespace Coracle.Schema.Generator.Tests;

public sealed class ContentTests
{
    [Fact]
    public void A_deep_copy_has_the_same_content_and_shares_nothing_that_can_change()
    {
        var original = WriteTests.Full;
        var before = Text.Of(original);
        var copy = original.DeepCopy();

        Assert.Equal(before, Text.Of(copy));
        copy.Leaf.Name = copy.MaybeLeaf!.Name = copy.ZeroLeaf.Name = "changed";
        copy.Bytes![0] = 9;
        copy.Texts!.Add("changed");
        copy.Leaves![0].Name = "changed";
        copy.Leaves.Clear();
        copy.Numbers![0] = 9;
        copy.TextMap!["a"] = "changed";
        copy.LeafMap!["z"].Name = "changed";
        copy.LeafMap.Clear();
        copy.TextsMap!["a"].Add("changed");
        copy.BytesMap!["k"][0] = 9;
        copy.QuantityMap!.Clear();
        copy.LeafTable![0][0].Name = "changed";
        copy.LeafTable[0].Clear();
        Assert.Equal(before, Text.Of(original));
    }

    [Fact]
    public void A_change_of_any_field_changes_the_content()
    {
        foreach (var property in typeof(Shapes).GetProperties().Where(property => property is { CanWrite: true }))
        {
            var changed = WriteTests.Full;
            property.SetValue(changed, property.GetValue(new Shapes()));

            Assert.False(changed.ContentEquals(WriteTests.Full), property.Name);
            Assert.False(WriteTests.Full.ContentEquals(changed), property.Name);
        }
    }

    [Fact]
    public void A_change_deep_inside_changes_the_content()
    {
        Action<Shapes>[] changes =
        [
            s => s.Leaves![1].Count = 1,
            s => s.LeafMap!["y"].Count = 3,
            s => s.TextsMap!["a"][0] = "y",
            s => s.BytesMap!["k"][0] = 1,
            s => s.LeafTable![0][0].Name = "y",
            s => s.TextMap!["a"] = "x",
            s => (s.TextMap!["c"], _) = ("", s.TextMap.Remove("a")),
            s => s.Texts!.Reverse(),
        ];
        foreach (var change in changes)
        {
            var changed = WriteTests.Full;
            change(changed);
            Assert.False(changed.ContentEquals(WriteTests.Full));
        }
    }

    [Fact]
    public void An_empty_collection_is_as_good_as_none()
    {
        var empty = new Shapes { Texts = [], Leaves = [], Numbers = [], TextMap = [], LeafMap = [], TextsMap = [], BytesMap = [], QuantityMap = [], LeafTable = [], Bytes = [] };

        Assert.True(empty.ContentEquals(new()));
        Assert.True(new Shapes().ContentEquals(empty));
    }

    [Fact]
    public void Absent_and_zero_differ_where_the_type_tells_them_apart()
    {
        Assert.False(new Shapes { MaybeInt = 0 }.ContentEquals(new()));
        Assert.False(new Shapes { MaybeText = "" }.ContentEquals(new()));
        Assert.False(new Shapes { MaybeLeaf = new() }.ContentEquals(new()));
        Assert.False(new Shapes().ContentEquals(null));
    }

    [Fact]
    public void Times_that_are_written_alike_are_the_same()
    {
        var time = new DateTimeOffset(2020, 1, 2, 3, 4, 5, TimeSpan.Zero);

        Assert.True(new Shapes { MaybeTime = time.AddMilliseconds(900) }.ContentEquals(new() { MaybeTime = time.ToOffset(TimeSpan.FromHours(7)) }));
        Assert.False(new Shapes { MaybeTime = time.AddMilliseconds(1000) }.ContentEquals(new() { MaybeTime = time }));
        Assert.True(new Shapes { Micro = time.AddTicks(9) }.ContentEquals(new() { Micro = time }));
        Assert.False(new Shapes { Micro = time.AddTicks(10) }.ContentEquals(new() { Micro = time }));
    }

    [Fact]
    public void Comparing_allocates_nothing()
    {
        var (left, right) = (WriteTests.Full, WriteTests.Full);
        Assert.True(left.ContentEquals(right));

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 100; i++) left.ContentEquals(right);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [Fact]
    public void Zero_is_an_object_no_field_of_which_has_content()
    {
        Assert.True(new Shapes { Texts = [], Leaf = new() }.IsZero);
        Assert.False(new Shapes { MaybeInt = 0 }.IsZero);
        Assert.False(new Shapes { Leaf = new() { Count = 0 } }.IsZero);
        foreach (var property in typeof(Shapes).GetProperties().Where(property => property is { CanWrite: true }))
        {
            var shapes = new Shapes();
            property.SetValue(shapes, property.GetValue(WriteTests.Full));
            Assert.False(shapes.IsZero, property.Name);
        }
    }
}
