using System.Text.Json.Nodes;
using Coracle.Commands.Cluster;
using Coracle.Sdk;

namespace Coracle.Cli.Tests;

/// <summary>The server's tables as text.</summary>
public sealed class TableTextTests
{
    private const string Columns = """
        "columnDefinitions":[{"name":"Name","format":"name"},{"name":"Ready"},{"name":"Age"},{"name":"IP","priority":1}]
        """;

    private static JsonObject Table(string rows) => JsonNode.Parse($$"""{ {{Columns}},"rows":[{{rows}}]}""")!.AsObject();

    private static string Row(string name, string cells, string labels = "{}") =>
        $$$"""{"cells":["{{{name}}}",{{{cells}}}],"object":{"metadata":{"name":"{{{name}}}","namespace":"ns","labels":{{{labels}}} } } }""";

    private static string Text(TableOptions options, params IEnumerable<string> rows) => new TableText(options).Write(rows.Select(Table));

    [Fact]
    public void Columns_are_three_apart_and_the_last_is_not_padded() => Assert.Equal(
        "NAME         READY   AGE\nweb          1/1     5m\nlonger-one   12/12   5m\n",
        Text(new(), Row("web", "\"1/1\",\"5m\",\"10.0.0.1\"") + "," + Row("longer-one", "\"12/12\",\"5m\",null")));

    [Fact]
    public void Columns_are_at_least_six_wide() => Assert.Equal("a     1     2\n", Text(new() { NoHeaders = true }, Row("a", "1,2,3")));

    [Fact]
    public void Wide_shows_what_is_of_lower_priority() => Assert.Equal(
        "NAME   READY   AGE   IP\nweb    1/1     5m    10.0.0.1\n", Text(new() { Wide = true }, Row("web", "\"1/1\",\"5m\",\"10.0.0.1\"")));

    [Fact]
    public void Names_say_what_they_are_and_where_when_asked() => Assert.Equal(
        "NAMESPACE   NAME                  READY   AGE   LABELS\nns          deployment.apps/web   1/1     5m    a=b,c=d\n",
        Text(new() { WithNamespace = true, ShowLabels = true, Named = new ApiResource("apps", "v1", "deployments", "Deployment", true) }, Row("web", "\"1/1\",\"5m\",null", """{"c":"d","a":"b"}""")));

    [Fact]
    public void Labels_that_are_not_there_are_none() => Assert.EndsWith("LABELS\nweb    1/1     5m    <none>\n", Text(new() { ShowLabels = true }, Row("web", "\"1/1\",\"5m\",null")));

    [Fact]
    public void A_cell_is_one_line_of_text() => Assert.Equal(
        "a     true...   \n", Text(new() { NoHeaders = true }, Row("a", "\"true\\nand more\",null,null")));

    [Fact]
    public void Tables_of_one_kind_are_one_table() => Assert.Equal("NAME     READY   AGE\na        1       2\nlonger   1       2\n", Text(new(), Row("a", "1,2,null"), Row("longer", "1,2,null")));

    [Fact]
    public void What_a_watch_adds_stays_in_line()
    {
        var table = new TableText(new());
        Assert.Equal("NAME            READY   AGE\na-longer-name   1/1     5m\n", table.Write([Table(Row("a-longer-name", "\"1/1\",\"5m\",null"))]));
        Assert.Equal("b               0/1     1s\n", table.Write([JsonNode.Parse($$"""{"columnDefinitions":null,"rows":[{{Row("b", "\"0/1\",\"1s\",null")}}]}""")!.AsObject()]));
    }

    [Fact]
    public void Letters_of_any_script_count_once() => Assert.Equal("NAME   READY   AGE\näöü    1       2\n", Text(new(), Row("äöü", "1,2,null")));
}
