using System.Text.Json.Nodes;
using Coracle.Schema;

namespace Coracle.ApiServer;

/// <summary>Keeps metadata.managedFields: which manager set which fields.</summary>
internal sealed class FieldOwnership
{
    public void Created(RequestContext ctx, KindInfo kind, JsonObject obj)
    {
    }

    public void Updated(RequestContext ctx, KindInfo kind, string subresource, JsonObject obj, JsonObject old)
    {
    }
}
