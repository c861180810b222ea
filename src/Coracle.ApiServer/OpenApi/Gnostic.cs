using System.Text.Json;
using Coracle.Schema;

namespace Coracle.ApiServer.OpenApi;

/// <summary>A document's JSON in the protobuf encoding of gnostic, the form in which kubectl asks for the second edition.</summary>
internal static class Gnostic
{
    // Schemas of definitions are as deep as objects may be, and stand a few levels down in the document.
    private const int DepthMax = 1000;

    public static byte[] Encode(Edition edition, ReadOnlyMemory<byte> json)
    {
        using var document = JsonDocument.Parse(json, new JsonDocumentOptions { MaxDepth = DepthMax });
        var buffer = new ProtobufWriter(json.Length);
        (edition == Edition.V2 ? GnosticV2.Document : GnosticV3.Document).Content(buffer, document.RootElement);
        return buffer.ToArray();
    }
}
