#include "packet-egress.h"
#include <wireshark.h>
void egress_tables_register(void)
{
}
void egress_menu_register(int proto)
{
    (void)proto;
}
