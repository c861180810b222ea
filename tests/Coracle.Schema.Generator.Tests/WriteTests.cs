using System.Text;
using Coracle.Kinds.Meta.V1;
using Samples.V1;

namespace Coracle.Schema.Generator.Tests;

public sealed class WriteTests
{
    private static readonly DateTimeOffset Time = new DateTimeOffset(2020, 1, 2, 10, 4, 5, TimeSpan.FromHours(7)).AddTicks(1_234_567);

    public static Shapes Full => new()
    {
        Text = "t",
        MaybeText = "",
        Int = 1,
        MaybeInt = 0,
        Long = long.MaxValue,
        MaybeLong = 0,
        Double = 0.1,
        MaybeDouble = 0,
        Bool = true,
        MaybeBool = false,
        Time = Time,
        MaybeTime = Time,
        Micro = Time,
        Bytes = [1, 2, 255],
        MaybeRaw = new("{\"a\":1}"u8.ToArray()),
        Quantity = Quantity.Parse("100m"),
        MaybeQuantity = Quantity.Parse("0"),
        IntOrString = "http",
        MaybeIntOrString = 0,
        Leaf = new() { Name = "a" },
        MaybeLeaf = new(),
        ZeroLeaf = new() { Count = 0 },
        Texts = ["b", "a"],
        Leaves = [new() { Name = "b" }, new()],
        Numbers = [3, 0],
        TextMap = new() { ["b"] = "1", ["B"] = "2", ["a"] = "" },
        LeafMap = new() { ["z"] = new(), ["y"] = new() { Count = 2 } },
        TextsMap = new() { ["b"] = [], ["a"] = ["x"] },
        BytesMap = new() { ["k"] = [0], ["e"] = [] },
        QuantityMap = new() { ["memory"] = Quantity.Parse("1Gi"), ["cpu"] = Quantity.Parse("2") },
        LeafTable = [[new() { Name = "x" }], []],
    };

    private static readonly string FullText = """
        {"text":"t","maybeText":"","int":1,"maybeInt":0,"long":9223372036854775807,"maybeLong":0,"double":0.1,"maybeDouble":0,"bool":true,"maybeBool":false,
        "time":"2020-01-02T03:04:05Z","maybeTime":"2020-01-02T03:04:05Z","micro":"2020-01-02T03:04:05.123456Z","bytes":"AQL/","maybeRaw":{"a":1},
        "quantity":"100m","maybeQuantity":"0","intOrString":"http","maybeIntOrString":0,"leaf":{"name":"a"},"maybeLeaf":{},"zeroLeaf":{"count":0},
        "texts":["b","a"],"leaves":[{"name":"b"},{}],"numbers":[3,0],"textMap":{"B":"2","a":"","b":"1"},"leafMap":{"y":{"count":2},"z":{}},
        "textsMap":{"a":["x"],"b":[]},"bytesMap":{"e":"","k":"AA=="},"quantityMap":{"cpu":"2","memory":"1Gi"},"leafTable":[[{"name":"x"}],[]]}
        """.ReplaceLineEndings("");

    [Fact]
    public void Every_shape_is_written_in_the_declared_order_with_sorted_map_keys() => Assert.Equal(FullText, Text.Of(Full));

    [Fact]
    public void What_was_written_reads_back_as_the_same_content()
    {
        var back = Text.Read<Shapes>(FullText);

        Assert.Equal(FullText, Text.Of(back));
        Assert.True(back.ContentEquals(Full));
    }

    [Fact]
    public void Of_an_empty_object_only_embedded_structs_are_written() =>
        Assert.Equal("""{"time":null,"quantity":"0","intOrString":0,"leaf":{}}""", Text.Of(new Shapes()));

    [Fact]
    public void Empty_collections_are_left_out() => Assert.Equal(
        Text.Of(new Shapes()),
        Text.Of(new Shapes { Texts = [], Leaves = [], Numbers = [], TextMap = [], LeafMap = [], TextsMap = [], BytesMap = [], QuantityMap = [], LeafTable = [], Bytes = [] }));

    [Fact]
    public void A_required_field_is_written_even_when_empty() => Assert.Equal(
        """{"text":"","maybeText":null,"int":0,"maybeBool":null,"maybeTime":null,"texts":null,"strict":[],"textMap":null,"bytes":null,"leaf":{},"maybeLeaf":null}""",
        Text.Of(new Always()));

    [Fact]
    public void A_required_collection_that_is_empty_is_written_empty() => Assert.Contains(
        "\"texts\":[],\"strict\":[],\"textMap\":{},\"bytes\":\"\"",
        Text.Of(new Always { Texts = [], TextMap = [], Bytes = [] }));

    [Fact]
    public void A_kind_starts_with_kind_and_apiVersion() => Assert.Equal(
        """{"kind":"Widget","apiVersion":"samples.example.com/v1","metadata":{"name":"w"},"spec":{"limits":null}}""",
        Text.Of(new Widget { Metadata = { Name = "w" } }));

    [Fact]
    public void An_object_with_OmitZero_is_written_once_it_has_content()
    {
        Assert.DoesNotContain("status", Text.Of(new Widget()), StringComparison.Ordinal);
        Assert.Contains("\"status\":{\"ready\":true}", Text.Of(new Widget { Status = { Ready = true } }), StringComparison.Ordinal);
    }

    [Fact]
    public void Only_what_JSON_demands_is_escaped() => Assert.Equal("""{"name":"<é>&'\"\\\n"}""", Text.Of(new Leaf { Name = "<é>&'\"\\\n" }));

    [Fact]
    public void Names_that_mean_something_in_code_or_JSON_are_only_names()
    {
        var awkward = new Awkward { reader = "1", writer = "2", other = "3", value = "4", name = "5", @class = "6", Reference = "7", Naive = "8", Quoted = "9", Presence = "10" };

        Assert.Equal("""{"reader":"1","writer":"2","other":"3","value":"4","name":"5","class":"6","presence":"10","$ref":"7","naïve":"8","quote\"d":"9"}""", Text.Of(awkward));
        Assert.True(Text.Read<Awkward>(Text.Of(awkward)).ContentEquals(awkward));
        Assert.True(awkward.DeepCopy().ContentEquals(awkward));
    }

    [Fact]
    public void A_type_without_fields_is_an_empty_object() => Assert.Equal("{}", Text.Of(Text.Read<Empty>("""{"a":1}""")));

    [Fact]
    public void A_list_of_a_kind_carries_its_kind_metadata_and_items()
    {
        const string json =
            """{"kind":"WidgetList","apiVersion":"samples.example.com/v1","metadata":{"resourceVersion":"7","continue":"c","remainingItemCount":2},"items":[]}""";

        var list = Text.Read<KubernetesList<Widget>>("""{"items":[{"metadata":{"name":"a"}},null]}""");

        Assert.Equal(["a", ""], list.Items.Select(item => item.Metadata.Name));
        Assert.Equal(json, Text.Of(Text.Read<KubernetesList<Widget>>(json)));
        Assert.Equal("com.example.samples.v1.WidgetList", KubernetesList<Widget>.Schema.Definition);
        Assert.Same(Widget.Schema, KubernetesList<Widget>.Schema.Property("items")!.Node.Items);
    }
}
