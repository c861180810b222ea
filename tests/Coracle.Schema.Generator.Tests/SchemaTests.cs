using Coracle.Kinds.Meta.V1;
using Samples.V1;

namespace Coracle.Schema.Generator.Tests;

public sealed class SchemaTests
{
    private static SchemaProperty Field<T>(string name) where T : class, IApiType<T> => T.Schema.Property(name)!;

    [Fact]
    public void A_kind_says_all_that_its_attribute_says()
    {
        var info = Widget.Info;

        Assert.Equal(("samples.example.com", "v1", "Widget", "widgets", "widget"), (info.Group, info.Version, info.Kind, info.Plural, info.Singular));
        Assert.Equal(["wd"], info.ShortNames);
        Assert.True(info is { Namespaced: true, HasStatus: true, HasScale: false, UnconditionalUpdate: true, CreateOnUpdate: false, BuiltIn: false });
        Assert.Equal([new("spec.color", "spec.color"), new("size", "spec.size")], info.Selectable);
        Assert.IsType<WidgetRules>(info.Rules);
        Assert.Equal([new(new("Color", "string", "", "Its color."), ".spec.color"), new(new("Age", "date", "", "", 1), ".metadata.creationTimestamp")], info.PathColumns);
        Assert.Same(Widget.Schema, info.Schema);
        Assert.Same(info, Widget.Info);
        Assert.Equal([new("samples.example.com", "v1", "Widget")], info.Schema.GroupVersionKinds);
        IKubernetesObject widget = new Widget();
        Assert.Equal(("samples.example.com/v1", "Widget"), (widget.ApiVersion, widget.Kind));
    }

    [Fact]
    public void The_kinds_of_an_assembly_are_listed() => Assert.Equal([Widget.Info], Coracle.Schema.Generator.Tests.GeneratedKinds.All);

    [Fact]
    public void The_kinds_in_the_box_are_listed_by_group_version_and_kind()
    {
        var names = Coracle.Kinds.GeneratedKinds.All.Select(kind => (kind.Group, kind.Version, kind.Kind)).ToList();

        Assert.Contains(("", "v1", "Pod"), names);
        Assert.Equal(names.OrderBy(n => n.Group, StringComparer.Ordinal).ThenBy(n => n.Version, StringComparer.Ordinal).ThenBy(n => n.Kind, StringComparer.Ordinal), names);
        Assert.All(Coracle.Kinds.GeneratedKinds.All, kind => Assert.True(kind is { BuiltIn: true, Plural.Length: > 0 }));
        Assert.All(Coracle.Kinds.GeneratedKinds.OfSubresources, kind => Assert.Empty(kind.Plural));
    }

    [Fact]
    public void Properties_stand_in_the_order_of_writing() => Assert.Equal(["kind", "apiVersion", "metadata", "spec", "status"], Widget.Schema.Properties.Select(p => p.Name));

    [Fact]
    public void Descriptions_are_the_summaries_in_plain_words()
    {
        Assert.Equal("A small kind that shows most of what can be said. See WidgetSpec.", Widget.Schema.Description);
        Assert.Equal("Red, unless size is null.", Field<WidgetSpec>("color").Description);
        Assert.Equal("In mm.", Field<WidgetSpec>("size").Description);
        Assert.Equal("", Field<WidgetSpec>("parts").Description);
    }

    [Fact]
    public void Definitions_follow_the_attribute_or_package_or_group()
    {
        Assert.Equal("com.example.Shapes", Shapes.Schema.Definition);
        Assert.Equal("io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta", ObjectMeta.Schema.Definition);
        Assert.Equal("com.example.samples.v1.Widget", Widget.Schema.Definition);
        Assert.Equal("com.example.samples.v1.WidgetSpec", WidgetSpec.Schema.Definition);
    }

    [Fact]
    public void What_attributes_say_is_in_the_schema()
    {
        var color = Field<WidgetSpec>("color");
        Assert.Equal(["Red", "Green"], color.Node.Enum!);
        Assert.Equal(("\"Red\"", "\"Red\""), (color.Default, color.PublishedDefault));
        Assert.Equal((1d, 100d), (Field<WidgetSpec>("size").Node.Minimum, Field<WidgetSpec>("size").Node.Maximum));
        var parts = Field<WidgetSpec>("parts");
        Assert.Equal(("map", "name", "merge", "name", 3), (parts.Node.ListType, Assert.Single(parts.Node.ListKeys), parts.PatchStrategy, parts.PatchMergeKey, parts.Number));
        Assert.True(Field<WidgetSpec>("limits").Required);
        Assert.Equal("^[0-9.]+$", Field<WidgetSpec>("clusterIPs").Node.Items!.Pattern);
        Assert.True(WidgetPart.Schema.Atomic);
        Assert.Equal("self.size > 0 || has(self.color)", Assert.Single(WidgetSpec.Schema.Rules).Expression);
        var union = Assert.Single(WidgetSpec.Schema.Unions);
        Assert.Equal("type", union.Discriminator);
        Assert.Equal([new("plain", "Plain"), new("fancy", "Fancy")], union.Members);
    }

    [Theory]
    [InlineData("text", SchemaType.String, null, Presence.WhenNotEmpty, false)]
    [InlineData("maybeText", SchemaType.String, null, Presence.WhenSet, true)]
    [InlineData("int", SchemaType.Integer, "int32", Presence.WhenNotEmpty, false)]
    [InlineData("maybeInt", SchemaType.Integer, "int32", Presence.WhenSet, true)]
    [InlineData("long", SchemaType.Integer, "int64", Presence.WhenNotEmpty, false)]
    [InlineData("double", SchemaType.Number, "double", Presence.WhenNotEmpty, false)]
    [InlineData("maybeBool", SchemaType.Boolean, null, Presence.WhenSet, true)]
    [InlineData("maybeTime", SchemaType.String, "date-time", Presence.WhenSet, true)]
    [InlineData("micro", SchemaType.String, "micro-time", Presence.WhenSet, true)]
    [InlineData("bytes", SchemaType.String, "byte", Presence.WhenNotEmpty, false)]
    [InlineData("maybeRaw", SchemaType.Any, null, Presence.WhenSet, true)]
    [InlineData("quantity", SchemaType.Quantity, null, Presence.Always, false)]
    [InlineData("maybeIntOrString", SchemaType.IntOrString, null, Presence.WhenSet, true)]
    [InlineData("leaf", SchemaType.Object, null, Presence.Always, false)]
    [InlineData("maybeLeaf", SchemaType.Object, null, Presence.WhenSet, true)]
    [InlineData("zeroLeaf", SchemaType.Object, null, Presence.WhenNotEmpty, false)]
    [InlineData("texts", SchemaType.Array, null, Presence.WhenNotEmpty, false)]
    [InlineData("leafMap", SchemaType.Map, null, Presence.WhenNotEmpty, false)]
    public void The_type_says_format_and_presence(string name, SchemaType type, string? format, Presence presence, bool pointer)
    {
        var field = Field<Shapes>(name);

        Assert.Equal((type, format, presence, pointer), (field.Node.Type, field.Node.Format, field.Presence, field.Pointer));
    }

    [Fact]
    public void A_recursive_type_refers_to_its_own_schema() => Assert.Same(WidgetPart.Schema, Field<WidgetPart>("inner").Node);

    [Fact]
    public void Nested_collections_have_nested_schemas() =>
        Assert.Same(Leaf.Schema, Field<Shapes>("leafTable").Node.Items!.Items);

    [Fact]
    public void What_a_field_says_on_top_of_its_type_leaves_the_type_alone()
    {
        var node = Field<Refined>("leaf").Node;

        Assert.True(node.Atomic);
        Assert.Equal("has(self.name)", Assert.Single(node.Rules).Expression);
        Assert.False(Leaf.Schema.Atomic);
        foreach (var property in typeof(SchemaNode).GetProperties().Where(p => p.Name is not (nameof(SchemaNode.Atomic) or nameof(SchemaNode.Unrefined) or nameof(SchemaNode.Rules)) && p.GetMethod?.IsPublic == true))
            Assert.Equal(property.GetValue(Leaf.Schema), property.GetValue(node));
    }
}
