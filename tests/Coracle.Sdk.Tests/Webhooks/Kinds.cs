using Coracle.Kinds.Meta.V1;
using Coracle.Schema;

namespace Coracle.Sdk.Tests.Webhooks
{
    /// <summary>A kind in its newest version: many ports.</summary>
    [Kind("shop.example.com/v1", "Stall", "stalls", Status = true)]
    public sealed partial class Stall
    {
        [Field(1)]
        public ObjectMeta Metadata { get; set; } = new();

        [Field(2), Required]
        public StallSpec Spec { get; set; } = new();
    }

    [ApiType]
    public sealed partial class StallSpec
    {
        [Field(1)]
        public string Owner { get; set; } = "";

        [Field(2)]
        public List<int>? Ports { get; set; }

        [Field(3)]
        public Dictionary<string, string>? Signs { get; set; }
    }
}

namespace Coracle.Sdk.Tests.Webhooks.V1Beta1
{
    /// <summary>The same as it was: one port, and a colour that nobody asks for any more.</summary>
    [Kind("shop.example.com/v1beta1", "Stall", "stalls", Status = true)]
    public sealed partial class Stall
    {
        [Field(1)]
        public ObjectMeta Metadata { get; set; } = new();

        [Field(2), Required]
        public StallSpec Spec { get; set; } = new();
    }

    [ApiType]
    public sealed partial class StallSpec
    {
        [Field(1)]
        public string Owner { get; set; } = "";

        [Field(2)]
        public int Port { get; set; }

        [Field(3)]
        public string Colour { get; set; } = "";
    }
}

namespace Coracle.Sdk.Tests.Webhooks.V1Alpha1
{
    /// <summary>The same as it was before that: an owner alone.</summary>
    [Kind("shop.example.com/v1alpha1", "Stall", "stalls")]
    public sealed partial class Stall
    {
        [Field(1)]
        public ObjectMeta Metadata { get; set; } = new();

        [Field(2)]
        public string Owner { get; set; } = "";
    }
}
