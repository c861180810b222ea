using System.Text.Json.Nodes;
using Coracle.Commands.Cluster;

namespace Coracle.Cli.Tests;

/// <summary>Whole objects as text.</summary>
public sealed class ObjectTextTests
{
    private static JsonObject Object(string json) => JsonNode.Parse(json)!.AsObject();

    [Fact]
    public void An_object_is_shown_in_order_and_without_its_managers() => Assert.Equal(
        "{\n    \"a\": \"\\u003c\\u0026\\u003e \\\"é\\\"\",\n    \"metadata\": {\n        \"name\": \"x\"\n    },\n    \"z\": [\n        1,\n        true,\n        {},\n        []\n    ]\n}\n",
        ObjectText.Write([Object("""{"z":[1,true,{},[]],"a":"<&> \"é\"","metadata":{"name":"x","managedFields":[{}]}}""")], single: true, yaml: false));

    [Fact]
    public void Several_objects_are_a_list() => Assert.Equal(
        "apiVersion: v1\nitems:\n- a: 1\n- a: 2\nkind: List\nmetadata:\n  resourceVersion: \"\"\n", ObjectText.Write([Object("""{"a":1}"""), Object("""{"a":2}""")], single: false, yaml: true));

    [Fact]
    public void No_objects_are_an_empty_list() => Assert.Equal(
        "apiVersion: v1\nitems: []\nkind: List\nmetadata:\n  resourceVersion: \"\"\n", ObjectText.Write([], single: false, yaml: true));
}
