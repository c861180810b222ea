using Microsoft.CodeAnalysis;

namespace Coracle.Schema.Generator.Tests;

public sealed class DiagnosticTests
{
    private const string Usings = "using Coracle.Schema;\nnamespace N;\n";

    private static Diagnostic Only(string text)
    {
        var found = Assert.Single(GeneratorRun.On(Usings + text).Findings);
        Assert.Equal(DiagnosticSeverity.Error, found.Severity);
        return found;
    }

    private static Diagnostic OnlyIn(string members) =>
        Only($"[ApiType] public sealed partial class A {{ {members} }}\n[ApiType] public sealed partial class Item {{ public string Name {{ get; set; }} = \"\"; }}");

    private static string Marked(Diagnostic found, string text) => (Usings + text).Substring(found.Location.SourceSpan.Start, found.Location.SourceSpan.Length);

    [Theory]
    [InlineData("public sealed class A { }")]
    [InlineData("public partial class A { }")]
    [InlineData("public sealed partial class A<T> { }")]
    [InlineData("public sealed partial record A { }")]
    public void A_class_that_cannot_be_completed_is_an_error(string declaration)
    {
        var text = "[ApiType] " + declaration;
        var found = Only(text);

        Assert.Equal("COR001", found.Id);
        Assert.Equal("'A' must be a top-level 'sealed partial class' without type parameters, because its serializer is generated into it", found.GetMessage());
        Assert.Equal("A", Marked(found, text));
    }

    [Fact]
    public void A_nested_class_is_an_error() => Assert.Equal("COR001", Only("public partial class Outer { [ApiType] public sealed partial class A { } }").Id);

    [Theory]
    [InlineData("float")]
    [InlineData("uint?")]
    [InlineData("object?")]
    [InlineData("System.DateTime")]
    [InlineData("System.DayOfWeek")]
    [InlineData("string[]?")]
    [InlineData("List<string?>?")]
    [InlineData("List<int?>?")]
    [InlineData("Dictionary<int, string>?")]
    [InlineData("HashSet<string>?")]
    [InlineData("System.Version?")]
    public void A_type_without_JSON_form_is_an_error(string type)
    {
        var found = OnlyIn($"public {type} P {{ get; set; }}");

        Assert.Equal("COR002", found.Id);
        Assert.StartsWith("'P' has the type '", found.GetMessage(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_field_number_used_twice_is_an_error()
    {
        var found = OnlyIn("[Field(1)] public int P { get; set; } [Field(1)] public int Q { get; set; }");

        Assert.Equal(("COR003", "'P' and 'Q' both have the field number 1"), (found.Id, found.GetMessage()));
    }

    [Fact]
    public void A_JSON_name_used_twice_is_an_error()
    {
        var found = OnlyIn("public int P { get; set; } [Field(Name = \"p\")] public int Q { get; set; }");

        Assert.Equal(("COR004", "'P' and 'Q' both have the JSON name \"p\""), (found.Id, found.GetMessage()));
    }

    [Theory]
    [InlineData("[ListType(\"map\")] public List<Item>? P", "a \"map\" needs the names of its key fields")]
    [InlineData("[ListType(\"map\", \"Name\")] public List<Item>? P", "Item has no field \"Name\"")]
    [InlineData("[ListType(\"map\", \"name\")] public List<string>? P", "the items of a \"map\" must be objects")]
    [InlineData("[ListType(\"set\", \"name\")] public List<string>? P", "only a \"map\" has keys")]
    [InlineData("[ListType(\"bag\")] public List<string>? P", "\"bag\" is none of \"atomic\", \"set\" and \"map\"")]
    [InlineData("[ListType(\"atomic\")] public Dictionary<string, string>? P", "the property is no List<T>")]
    public void A_list_type_that_does_not_fit_is_an_error(string property, string why)
    {
        var found = OnlyIn(property + " { get; set; }");

        Assert.Equal(("COR005", "The list type of 'P' does not fit: " + why), (found.Id, found.GetMessage()));
    }

    [Theory]
    [InlineData("\"1\"", "int", "The default \"1\" of 'P' does not fit its type 'int'")]
    [InlineData("1", "bool", "The default 1 of 'P' does not fit its type 'bool'")]
    [InlineData("true", "string?", "The default true of 'P' does not fit its type 'string?'")]
    [InlineData("4294967296", "int?", "The default 4294967296 of 'P' does not fit its type 'int?'")]
    [InlineData("\"x\"", "Item?", "The default \"x\" of 'P' does not fit its type 'N.Item?'")]
    public void A_default_of_another_type_is_an_error(string value, string type, string message)
    {
        var found = OnlyIn($"[Default({value})] public {type} P {{ get; set; }}");

        Assert.Equal(("COR006", message), (found.Id, found.GetMessage()));
    }

    [Theory]
    [InlineData("\"a/v1\", \"A\", \"\"", "its plural, the resource's name in paths, is missing (only a kind of sub-resources, which gives its Verbs, has none)")]
    [InlineData("\"a/v1\", \"A\", \"As\"", "its plural \"As\" must be in lower case")]
    [InlineData("\"a/v1\", \"\", \"as\"", "its name is missing")]
    [InlineData("\"\", \"A\", \"as\"", "\"\" is no group and version, such as \"apps/v1\"")]
    [InlineData("\"a/\", \"A\", \"as\"", "\"a/\" is no group and version, such as \"apps/v1\"")]
    [InlineData("\"a/b/v1\", \"A\", \"as\"", "\"a/b/v1\" is no group and version, such as \"apps/v1\"")]
    [InlineData("\"a/v1\", \"A\", \"as\", Rules = typeof(string)", "its rules 'String' are no KindRules that can be made without arguments")]
    [InlineData("\"a/v1\", \"A\", \"as\", Rules = typeof(KindRules)", "its rules 'KindRules' are no KindRules that can be made without arguments")]
    public void An_incomplete_kind_is_an_error(string arguments, string why)
    {
        var found = Only($"[Kind({arguments})] public sealed partial class A {{ }}");

        Assert.Equal(("COR007", $"The kind of 'A' is incomplete: {why}"), (found.Id, found.GetMessage()));
    }

    [Fact]
    public void A_column_of_an_unknown_type_is_an_error() => Assert.Equal(
        "The kind of 'A' is incomplete: the type \"text\" of its column \"C\" is none of string, integer, number, boolean and date",
        Only("[Kind(\"a/v1\", \"A\", \"as\"), Column(\"C\", \"text\", \".c\")] public sealed partial class A { }").GetMessage());

    [Fact]
    public void A_kind_of_sub_resources_needs_no_plural() =>
        Assert.Empty(GeneratorRun.On(Usings + "[Kind(\"a/v1\", \"A\", \"\", Verbs = [\"create\"])] public sealed partial class A { }").Findings);

    [Fact]
    public void A_property_with_the_name_of_a_generated_member_is_an_error()
    {
        var found = OnlyIn("public string Schema { get; set; } = \"\";");

        Assert.Equal(
            ("COR008", "'Schema' has the name of a generated member: rename the property and give the JSON name with [Field(Name = \"schema\")]"),
            (found.Id, found.GetMessage()));
    }

    [Theory]
    [InlineData("public string P { get; init; } = \"\";")]
    [InlineData("public required string P { get; set; }")]
    public void A_property_that_cannot_be_set_later_is_an_error(string property) => Assert.Equal("COR009", OnlyIn(property).Id);

    [Theory]
    [InlineData("[OneOf(\"a\")] public int P")]
    [InlineData("[Pattern(\"a\")] public int P")]
    [InlineData("[MicroTime] public string? P")]
    [InlineData("[Atomic] public List<string>? P")]
    [InlineData("[Range(Min = 1)] public bool P")]
    public void An_attribute_on_a_type_it_does_not_fit_is_an_error(string property) => Assert.Equal("COR010", OnlyIn(property + " { get; set; }").Id);

    [Theory]
    [InlineData("public int P { get; set; } = 1;", "1")]
    [InlineData("public string P { get; set; } = \"x\";", "\"x\"")]
    [InlineData("public bool P { get; set; } = true;", "true")]
    [InlineData("public int? P { get; set; } = 0;", "0")]
    public void An_initial_value_that_would_come_back_for_zero_is_an_error(string property, string value)
    {
        var found = OnlyIn(property);

        Assert.Equal("COR011", found.Id);
        Assert.Contains($"'P' starts as {value}, ", found.GetMessage(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("public int P { get; set; } = 0;")]
    [InlineData("public string P { get; set; } = \"\";")]
    [InlineData("public string? P { get; set; } = null;")]
    [InlineData("[Required] public int P { get; set; } = 1;")]
    [InlineData("public List<Item> P { get; set; } = [];")]
    [InlineData("public Item P { get; set; } = new();")]
    public void Other_initial_values_are_fine(string property) =>
        Assert.Empty(GeneratorRun.On(Usings + $"[ApiType] public sealed partial class A {{ {property} }} [ApiType] public sealed partial class Item;").Findings);

    [Fact]
    public void One_wrong_property_does_not_take_the_serializer_away() =>
        Assert.DoesNotContain(GeneratorRun.On(Usings + "[ApiType] public sealed partial class A { public float P { get; set; } } class B { IApiType<A>? X => new A(); }").Compiler,
            found => found.Severity == DiagnosticSeverity.Error);

    [Theory]
    [InlineData(DocumentationMode.None)]
    [InlineData(DocumentationMode.Parse)]
    [InlineData(DocumentationMode.Diagnose)]
    public void Descriptions_are_found_whether_or_not_the_compiler_reads_documentation(DocumentationMode mode) => Assert.Contains(
        "Description = \"Two words.\"",
        GeneratorRun.On(Usings + "/// <summary>Two\n///    words.</summary>\n[ApiType]\npublic sealed partial class A { }", documentation: mode).Texts["N.A.g.cs"],
        StringComparison.Ordinal);

    [Fact]
    public void A_malformed_comment_is_no_description() =>
        Assert.DoesNotContain("Description", GeneratorRun.On(Usings + "/// <summary>Two\n[ApiType]\npublic sealed partial class A { }").Texts["N.A.g.cs"], StringComparison.Ordinal);

    [Fact]
    public void Defaults_of_kinds_in_the_box_are_published_only_when_they_say_so()
    {
        const string text = Usings + "[ApiType] public sealed partial class A { [Default(1)] public int P { get; set; } [Default(2, Published = true)] public int Q { get; set; } [Default(3, PublishedOnly = true)] public int R { get; set; } }";
        var box = GeneratorRun.On(text, "Coracle.Kinds").Texts["N.A.g.cs"];

        Assert.DoesNotContain("PublishedDefault = \"1\"", box, StringComparison.Ordinal);
        Assert.Contains("Default = \"2\", PublishedDefault = \"2\"", box, StringComparison.Ordinal);
        Assert.DoesNotContain(" Default = \"3\"", box, StringComparison.Ordinal);
        Assert.Contains("Default = \"1\", PublishedDefault = \"1\"", GeneratorRun.On(text).Texts["N.A.g.cs"], StringComparison.Ordinal);
    }
}
