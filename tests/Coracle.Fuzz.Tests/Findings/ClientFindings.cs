using System.Text.Json;
using Coracle.Kinds.Core.V1;
using Coracle.Node.Streaming;
using Coracle.Sdk;

namespace Coracle.Fuzz.Tests.Findings;

public sealed class ClientFindings
{
    [Theory]
    [InlineData("""{"type":[1],"object":{}}""")]
    [InlineData("""{"type":"\ud800","object":{}}""")]
    [InlineData("""{"\udc00x":{},"object":{}}""")]
    [InlineData("""{"type":"ADDED","object":{"metadata":{},"metadata":{}}}""")]
    public void An_event_that_cannot_be_read_says_so(string frame) =>
        Assert.Throws<JsonException>(() => Watcher<DynamicObject>.Parse(Utf8.GetBytes(frame), ApiResource.Of<Pod>(), DynamicCodec.Instance));

    [Fact]
    public void A_failure_whose_bytes_are_no_text_is_still_a_failure()
    {
        Assert.Equal(410, Watcher<DynamicObject>.Parse([.. "{\"type\":\"ERROR\",\"object\":{\"code\":410,\"kind\":\"Status\",\"x"u8, 0xff, .. "\":1}}"u8], ApiResource.Of<Pod>(), DynamicCodec.Instance).Status!.Code);
        Assert.Equal("a", ApiStatus.Parse(500, """{"kind":"Status","reason":"a","details":{"causes":["x"]}}"""u8).Reason);
        Assert.Equal(500, ApiStatus.Parse(500, """{"kind":"Status","reason":"\ud800"}"""u8).Code);
    }

    [Fact]
    public void The_outcome_of_a_command_may_be_no_text() =>
        Assert.IsType<CommandOutcome.Failed>(CommandOutcome.Parse("""{"status":"Failure","reason":"\ud800"}"""u8));
}
