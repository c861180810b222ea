using System.Text.Json;
using System.Text.Json.Nodes;
using Coracle.Schema;

namespace Coracle.Kinds.Tests;

/// <summary>Objects in protobuf, made of their JSON, against what upstream's encoder wrote.</summary>
public sealed class ProtobufTests
{
    // Upstream's aggregator and its definitions keep no fixtures of their own kinds.
    private static readonly Dictionary<string, SchemaNode> Types = GeneratedKinds.All.Concat(GeneratedKinds.OfSubresources).Where(k => k.Kind is not ("APIService" or "CustomResourceDefinition"))
        .ToDictionary(k => $"{(k.Group.Length == 0 ? "core" : k.Group)}.{k.Version}.{k.Kind}", k => k.Schema);

    static ProtobufTests()
    {
        Types["core.v1.Status"] = Meta.V1.Status.Schema;
        Types["core.v1.DeleteOptions"] = Meta.V1.DeleteOptions.Schema;
        Types["core.v1.APIGroup"] = Meta.V1.APIGroup.Schema;
        Types["core.v1.APIVersions"] = Meta.V1.APIVersions.Schema;
    }

    public static TheoryData<string> Names => [.. Types.Keys];

    [Theory, MemberData(nameof(Names))]
    public void Every_field_is_encoded_as_upstream_does_to_the_byte(string name)
    {
        var schema = Types[name];
        var canonical = Encoder.Encode((JsonObject)JsonNode.Parse(Reference.Bytes($"fixtures/{name}.json"))!, schema);
        Assert.Equal(Convert.ToHexString(Reference.Bytes($"fixtures/{name}.pb")), Convert.ToHexString(ProtobufEncoder.Encode(canonical, schema)));
    }

    [Fact]
    public void A_definition_goes_through_protobuf_with_all_that_its_schemas_are()
    {
        const string definition = """
            {"kind":"CustomResourceDefinition","apiVersion":"apiextensions.k8s.io/v1","metadata":{"name":"widgets.example.com"},"spec":{"group":"example.com","names":{"plural":"widgets","kind":"Widget"},
            "scope":"Namespaced","versions":[{"name":"v1","served":true,"storage":true,"schema":{"openAPIV3Schema":{"type":"object","properties":{
            "a":{"type":"array","items":{"type":"string","enum":["x",1,null]}},"b":{"type":"object","additionalProperties":true},"c":{"type":"object","additionalProperties":{"type":"integer","default":5}},
            "d":{"type":"array","items":[{"type":"string"},{"type":"integer"}]},"e":{"dependencies":{"f":["g","h"],"i":{"type":"string"}}},"j":{"type":"object","additionalProperties":false}}}}}]},
            "status":{"conditions":null,"acceptedNames":{"plural":"","kind":""},"storedVersions":["v1"]}}
            """;
        var schema = Apiextensions.V1.CustomResourceDefinition.Schema;
        var canonical = Encoder.Encode((JsonObject)JsonNode.Parse(definition)!, schema);
        var decoded = ProtobufDecoder.Decode(ProtobufEncoder.Encode(canonical, schema), schema);
        Assert.Equal(Text(canonical), Text(Encoder.Encode(decoded!, schema)));
        Assert.Contains("\"additionalProperties\":{\"type\":\"integer\",\"default\":5}", Text(canonical), StringComparison.Ordinal);
    }

    [Theory, MemberData(nameof(Names))]
    public void What_was_encoded_decodes_to_the_same_object(string name)
    {
        var schema = Types[name];
        var canonical = Encoder.Encode((JsonObject)JsonNode.Parse(Reference.Bytes($"fixtures/{name}.json"))!, schema);
        var decoded = ProtobufDecoder.Decode(ProtobufEncoder.Encode(canonical, schema), schema);
        Assert.Equal(Text(canonical), Text(Encoder.Encode(decoded!, schema)));
    }

    [Fact]
    public void Values_that_are_no_pointers_are_written_when_they_are_zero()
    {
        // As protoc reads it: envelope of v1 Service, spec with one port of protocol "", port 0, targetPort 0, and the zero values that upstream's encoder never leaves out.
        var service = ProtobufEncoder.Encode("""{"kind":"Service","apiVersion":"v1","metadata":{"name":"x"},"spec":{"ports":[{"port":0,"targetPort":0}]},"status":{}}"""u8.ToArray(), Core.V1.Service.Schema);
        var port = Convert.FromHexString("0A00" + "1200" + "1800" + "2206080010001A00" + "2800");
        Assert.True(service.AsSpan().IndexOf(port) > 0, Convert.ToHexString(service));
    }

    private static string Text(byte[] json) => JsonSerializer.Serialize(JsonNode.Parse(json));
}
