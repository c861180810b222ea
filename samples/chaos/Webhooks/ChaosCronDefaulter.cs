using Coracle.Samples.Chaos.Kinds;
using Coracle.Sdk;

namespace Coracle.Samples.Chaos.Webhooks;

/// <summary>Writes down who asked for chaos: nobody else can, since it is written over whenever one is made.</summary>
[Webhook(Operations = [AdmissionOperation.Create])]
public sealed partial class ChaosCronDefaulter : IDefaulter<ChaosCron>
{
    public const string Author = "chaos.coracle.dev/author";

    public ValueTask DefaultAsync(ChaosCron obj, AdmissionRequest request, CancellationToken cancel)
    {
        (obj.Metadata.Annotations ??= [])[Author] = request.User.Username;
        return default;
    }
}
